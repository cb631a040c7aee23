"""Files that are no publication, or show what was never sent; each with the reason."""

import json
from collections.abc import Iterator

from tests.publications import MODE, hidden_names
from tests.vectors.publication.edits import (
    SPELLING,
    edited,
    ending,
    put,
    row,
    rows_of,
    usual,
)


def format_faults() -> Iterator[tuple[str, bytes, str]]:
    """What is no publication at all, or no second spelling of one."""
    whole = usual().published(hidden_names()).to_bytes()
    shape, other = "another shape", "another version"
    spelling, json_, integers = "spelling", "not JSON", "not of integers only"
    yield "empty", b"", json_
    yield "no UTF-8", whole[:-40] + b"\xff" + whole[-39:], json_
    yield "cut short", whole[:-40], json_
    yield "a list", b"[]\n", shape
    yield "too deep", b"[" * 9 + b"]" * 9 + b"\n", "levels deep"
    yield "a BOM", b"\xef\xbb\xbf" + whole, json_
    yield "no line end", whole[:-1], spelling
    yield "two line ends", whole + b"\n", spelling
    yield "CRLF", whole[:-1] + b"\r\n", spelling
    yield "a space", whole.replace(b'"v":1', b'"v": 1'), spelling
    yield "an escape", whole.replace(b"they took", b"\\u0074hey took"), spelling
    yield "a key twice", whole.replace(b'"v":1', b'"v":1,"v":1'), spelling
    yield "keys in another order", b'{"v":1,' + whole[1:].replace(b',"v":1}', b"}"), spelling
    yield "a float", whole.replace(b'"v":1', b'"v":1.0'), integers
    yield "an exponent", whole.replace(b'"v":1', b'"v":1.0'), integers
    yield "minus zero", whole.replace(b'"v":1', b'"v":-0'), spelling
    yield "a lone surrogate", whole.replace(b"they took", b"\\ud800hey took"), "lone surrogate"
    yield "too long", whole[:-1] + b" " * (4 << 20) + b"\n", "at most 4194304 bytes"
    yield "another version", edited(put("v", 2)), other
    yield "a version that is true", edited(put("v", True)), shape
    yield "one key more", edited(put("also", 1)), other
    yield "one key less", edited(lambda v: v.pop("private")), other
    for key in ("size", "shown", "seeds", "hashes", "opening", "private", "proof"):
        yield f"{key} is of another kind", edited(put(key, None)), shape


def shown_faults() -> Iterator[tuple[str, bytes, str]]:
    """Rows that no tree of a container gives."""
    base = ending()
    rows = rows_of(base)
    words = next(n for n, r in enumerate(rows) if isinstance(r, list) and r[0] == "w")
    path = next(n for n, r in enumerate(rows) if isinstance(r, list) and r[0] == "f")
    gap = rows.index(next(r for r in rows[1:] if isinstance(r, int)))
    text, voids = rows[words][1:]
    fact = rows[0]
    publish = rows[2]
    assert publish[1].startswith('["consent"')
    many, power = "than the tree has leaves", "power of two"
    facts, voids_phrase = "facts are not in their order", "0 to 2 voids"
    yield "no power of two of leaves", edited(put("size", 129), base), power
    yield "no leaves", edited(put("size", 0), base), power
    yield "minus one leaf", edited(put("size", -1), base), power
    yield "too many leaves", edited(put("size", 1 << 18), base), power
    yield "half the leaves", edited(put("size", 64), base), many
    yield "everything is hidden", edited(put("shown", [128]), base), "nothing is shown"
    short = edited(lambda v: v["shown"].append(v["shown"].pop() - 1))
    yield "a void after what is hidden", short, "void is shown after"
    yield "more words than leaves", edited(put("size", 64), usual().published(())), many
    yield "twice the leaves", edited(put("size", 256), base), "larger than it needs"
    yield "a number of hidden leaves that is 0", edited(row(gap, (rows[gap], 0)), base), many
    yield "a number of hidden leaves that is huge", edited(row(gap, 2**53 - 1), base), many
    yield "a number of hidden leaves that is negative", edited(row(gap, -1), base), many
    yield "hidden leaves in two numbers", edited(row(gap, (1, rows[gap] - 1)), base), SPELLING
    yield "true for a number", edited(row(gap, True), base), "another shape"
    yield "a row of two", edited(row(path, rows[path][:2]), base), "another shape"
    yield "a row of four", edited(row(path, [*rows[path], 0]), base), "another shape"
    yield "a row of a void", edited(row(path, ["v", "", 0]), base), "no known kind"
    yield "a row of an unknown kind", edited(row(path, ["q", "", 0]), base), "no known kind"
    yield (
        "a void too few",
        edited(row(words, ["w", text, voids[:-1]]), base),
        "number of voids for each word",
    )
    yield (
        "a void too many",
        edited(row(words, ["w", text, voids + "0"]), base),
        "number of voids for each word",
    )
    yield "three voids", edited(row(words, ["w", text, "3" + voids[1:]]), base), voids_phrase
    yield "three voids after a path", edited(row(path, [*rows[path][:2], 3]), base), voids_phrase
    yield (
        "an Arabic digit",
        edited(row(words, ["w", text, "\u0661" + voids[1:]]), base),
        voids_phrase,
    )
    first, rest = text.split(" ", 1)
    halves = (["w", first, voids[0]], ["w", " " + rest, voids[1:]])
    yield "words in two rows", edited(row(words, halves), base), SPELLING
    glued = (["w", text, voids], ["w", "x", "0"])
    yield "a word that is half of one", edited(row(words, glued), base), "not cut as words are"
    blank = (["w", text + " ", voids + "0"], ["w", " x", "0"])
    yield "a word after white space alone", edited(row(words, blank), base), "not cut as words are"
    yield "no words", edited(row(words, (["w", text, voids], ["w", "", ""])), base), SPELLING
    yield "hidden first", edited(row(0, 1), base), "what kind of thing was sent"
    yield "words first", edited(row(0, ["w", "x", "0"]), base), "what kind of thing was sent"
    yield "a consent first", edited(row(0, publish), base), facts
    yield "the kind twice", edited(row(2, fact), base), facts
    yield "a fact after a field", edited(row(path, (rows[path], publish)), base), facts
    modes = (["m", '["mode","tool"]', 0], 1, ["m", '["mode","tool"]', 0])
    yield "the mode twice", edited(row(1, modes), base), facts
    turned = (publish, ["m", '["form",1]', 0])
    yield "the form after a consent", edited(row(2, turned), base), facts
    yield "a decoy", edited(row(0, ["m", '["kind","decoy"]', 0]), base), "says nothing"
    yield "a kind that is a list", edited(row(0, ["m", '["kind",[]]', 0]), base), "says nothing"
    yield "a fact of another name", edited(row(2, ["m", '["name",1]', 0]), base), "no known name"
    yield "a fact that is no row", edited(row(2, ["m", '{"form":1}', 0]), base), "another shape"
    yield "a fact of three", edited(row(2, ["m", '["form",1,2]', 0]), base), "another shape"
    yield "a fact with a space", edited(row(2, ["m", '["form", 1]', 0]), base), "canonical spelling"
    yield "a fact that is no JSON", edited(row(2, ["m", "form", 0]), base), "not JSON"
    for name, answer, why in (
        ("a consent to no use", '["gossip",true,"a","ru"]', "no known use"),
        ("a consent of maybe", '["publish",1,"a","ru"]', "true or false"),
        ("a consent in no language", '["publish",true,"a","Russian"]', "language"),
        ("a consent to no words", '["publish",true,"A b","ru"]', "wording"),
        ("a consent of three", '["publish",true,"a"]', "another shape"),
    ):
        yield name, edited(row(2, ["m", f'["consent",{answer}]', 0]), base), why
    alone = usual().published({MODE})
    plain = json.loads(alone.to_bytes())["shown"]
    here = next(n for n, r in enumerate(plain) if isinstance(r, list) and r[0] == "f")
    no_path = edited(lambda v: v["shown"].pop(here), alone)
    yield "a word where the facts end", no_path, "stands in no field"
    yield (
        "a field's name with a space",
        edited(row(path, ["f", "a b", 0]), base),
        "path is malformed",
    )
    yield (
        "a field's name with a line end",
        edited(row(path, ["f", "narrative\n", 0]), base),
        "path is malformed",
    )
    yield "a field twice", edited(row(path, (rows[path], rows[path])), base), "stands twice"
