"""What reviewers code of an account, in vocabularies, each value with the words that bear it out."""
