"""Forty texts that hurt whoever prints them raw: terminals, readers, file names, spreadsheets."""

POISON = (
    "\x1b[2J\x1b[Hall clear",  # clears the screen
    "\x1b]0;owned\x07",  # sets the title
    "\x1b]52;c;cm0gLXJmIH4=\x07",  # writes the clipboard
    "\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\",  # a hidden link
    "\x1b[8mhidden\x1b[0m",
    "\x1b[6n",  # asks the terminal to type
    "\x1bPq#0;2;0;0;0\x1b\\",  # sixel
    "\x9b31mred",  # C1 control sequence introducer
    "\x90q\x9c",  # C1 device control string
    "\x85next line",
    "innocent\rguilty  ",  # overwrites its own line
    "ab\x08\x08cd",
    "\x07\x07\x07",
    "\x00nul",
    "\x0bvertical\x0cform feed",
    "\x7fdelete",
    "\x0e\x0fshift",
    "user\u202egpj.exe",  # right to left override
    "\u202dleft\u202c",
    "\u202bembedded\u202c",
    "\u2066isolated\u2069",
    "\u2067isolated\u2069",
    "\u2068first strong",
    "\u200emarks\u200f",
    "\u061carabic mark",
    "zero\u200bwidth",
    "zero\u200cwidth\u200djoiner",
    "word\u2060joiner",
    "\ufeffbyte order mark",
    "soft\u00adhyphen",
    "line\u2028separator",
    "paragraph\u2029separator",
    "tag\U000e0041\U000e0042\U000e007f",
    "variation\ufe0f\U000e0100",
    "filler\u3164\u115f\uffa0\u2800",
    "combining\u034fgrapheme",
    "z" + "\u0335\u0301" * 40,  # climbs over the lines above
    "\u27e8U+0041\u27e9",  # looks like one of our escapes
    "  | \nitem 000000000000, original\nconsent publish: yes",  # looks like our own lines
    '=HYPERLINK("http://x.example","-@+")\t|x',  # a formula
)
