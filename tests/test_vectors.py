"""The sealing script and this package give the same bytes: fixed vectors, and random texts.

`node --test` reads the same vectors (intake/web/js/tests/vectors.test.ts, form_vectors.test.ts).
"""

import base64
import fcntl
import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intake.age import decrypt_bytes, read_header, sealed_length
from intake.author import Author
from intake.canonical import decode
from intake.container import SIZES, Container, Mode
from intake.epoch import Epoch
from intake.field import TextField
from intake.form import MINIMAL
from intake.opening import LetterHead
from intake.seal import check_container, check_header, check_length, seal
from intake.testimony import AnswersError, Testimony
from tests.panel import Panel
from tests.vectors.core.generate import FOLDER, check_refusals, vectors

JS = Path(__file__).parent.parent / "intake" / "web" / "js"

ALPHABETS = {
    "latin": "abc XYZ éßø\n\t.,'\"\\",
    "cyrillic": "абв ЭЮЯ Ӏӏ1lI| ъё\n—«»",
    "arabic": "ابت ثجح ،؟ \u0651\u200f\n",
    "emoji": "👨‍👩‍👧 🏚️✊🏿🇺🇦 \U0010ffff",
    "spaces": " \t\n\u00a0\u2003\u3000\u200b\ufeff",
}
TEXT = st.sampled_from(sorted(ALPHABETS.values())).flatmap(
    lambda alphabet: st.text(st.sampled_from(alphabet), min_size=1, max_size=400)
)
ANSWERS = st.fixed_dictionaries(
    {"narrative": TEXT | st.text(max_size=200)},
    optional={
        "relation": st.sampled_from(["r.self", "r.na", "r.unknown"]),
        "when_text": TEXT,
        "where_text": st.text(max_size=100),
        "who_text": TEXT,
    },
)


@pytest.fixture(scope="session")
def script() -> Path:
    """The program that seals as the page does, built from the sources."""
    with (JS / "package.json").open() as lock:
        # Several pytest workers may come here at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (JS / "node_modules" / "esbuild").exists():
            subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=JS, check=True)
        subprocess.run(["node", "build.mjs", "--tests"], cwd=JS, check=True)
    return JS / "build" / "letters.mjs"


def seal_in_script(script: Path, panel: Panel, answers: Sequence[dict[str, str]]) -> list[str]:
    """What the script makes of each: a base64 letter, or JSON of what is wrong."""
    roots = panel.roster.roots
    asked = {
        "note": panel.note.decode(),
        "deployment": panel.roster.deployment,
        "threshold": roots.threshold,
        "roots": [str(key) for key in roots.keys],
        "today": panel.roster.issued.isoformat(),
        "epoch": str(Epoch.of(panel.roster.issued)),
        "answers": answers,
    }
    done = subprocess.run(
        ["node", script], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def without_chance(container: Container) -> dict[str, Any]:
    """A manifest without what differs between two sealings of one testimony."""
    manifest = decode(container.manifest())
    assert isinstance(manifest, dict)
    return {
        key: value
        for key, value in manifest.items()
        if key not in ("mode", "redact", "reply", "withdraw")
    }


def check_letter(line: str, answers: dict[str, str], panel: Panel) -> None:
    """A letter that the script sealed is what this package would have sealed."""
    letter = base64.b64decode(line, validate=True)
    end = letter.index(b"\n\n") + 2
    head, sealed = LetterHead.parse(letter[:end]), letter[end:]
    check_header(sealed, panel.roster)
    check_length(len(sealed), panel.roster)
    testimony = Testimony.from_answers("ru", answers, {"stats"})
    author = Author.fresh(head.opening.epoch)
    own = seal(testimony, panel.roster, mode=Mode.SERVER, today=panel.roster.issued, author=author)
    assert len(letter) == len(own.to_bytes())
    assert len(sealed) in {sealed_length(len(panel.identities), size) for size in SIZES}
    one = Container.parse(decrypt_bytes(own.sealed, panel.identities))
    stanzas = read_header(BytesIO(sealed)).stanzas
    for place, identity in enumerate(panel.identities):
        assert identity.unwrap([stanzas[place]]) is not None  # in the roster's order
        container = Container.parse(decrypt_bytes(sealed, [identity]))
        check_container(container, head.opening)
        assert container.mode is Mode.BROWSER
        assert container.seed != one.seed
        assert without_chance(container) == without_chance(one)
        again = replace(
            one,
            mode=container.mode,
            seed=container.seed,
            withdraw=container.withdraw,
            reply=container.reply,
        )
        assert container.to_bytes() == again.to_bytes()


def test_the_committed_vectors_are_what_the_code_gives() -> None:
    """A testimony sealed with yesterday's code has the very same bytes today."""
    check_refusals()
    made = vectors()
    assert {path.name for path in FOLDER.glob("*.json")} == set(made)
    for name, content in made.items():
        assert (FOLDER / name).read_text("ascii") == content, name


# One run of node seals a whole batch, so a few examples of many texts each; what fails is named
# by its place in the batch, and shrinking would start node hundreds of times.
@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.data_too_large, HealthCheck.too_slow),
)
@given(batch=st.lists(ANSWERS, min_size=12, max_size=12))
def test_any_text_is_sealed_alike_on_both_paths(
    script: Path, panel: Panel, batch: list[dict[str, str]]
) -> None:
    """Any text in any script has one of eight lengths, whoever sealed it, and opens to itself."""
    lines = seal_in_script(script, panel, batch)
    assert len(lines) == len(batch)
    for answers, line in zip(batch, lines, strict=True):
        try:
            Testimony.from_answers("ru", answers, {"stats"})
        except AnswersError as error:
            problems = [
                {"field": p.field, "kind": p.kind, "amount": p.amount} for p in error.problems
            ]
            assert json.loads(line) == problems, answers
        else:
            check_letter(line, answers, panel)


def test_the_longest_texts_of_every_script_have_one_length(script: Path, panel: Panel) -> None:
    """20,000 letters fit the first size in Latin, Cyrillic or Arabic, with every box full."""
    limits = {f.name: f.most for f in MINIMAL.fields if isinstance(f, TextField)}
    batch = [
        {"relation": "r.other_role", "aware": "cannot"}
        | {name: (signs * most)[:most] for name, most in limits.items()}
        for signs in ("n", "Ӏ", "ن", "n ", "я\n")
    ]
    batch.append({"narrative": "."})
    lines = seal_in_script(script, panel, batch)
    for answers, line in zip(batch, lines, strict=True):
        check_letter(line, answers, panel)
    assert len({len(line) for line in lines}) == 1
