"""The site's log: its epochs closed, signed, cosigned and laid out as files. It opens nothing."""
