"""What this program seals opens without it, and what another age sealed opens with it."""

import hashlib
from pathlib import Path

from intake.age import dearmor, decrypt_bytes
from intake.cli import run
from intake.container import Container
from tests.age.test_interop import ask_node
from tests.panel import Panel


def seal(folder: Path, panel: Panel, *words: str) -> bytes:
    (folder / "roster.note").write_bytes(panel.note)
    (folder / "roots").write_bytes(panel.roster.roots.to_bytes())
    (folder / "text").write_text("Ӏумар сказал нет")
    out = folder / ("container" if words else "letter")
    arguments = ["seal", str(folder / "text"), str(out), *words]
    vouched = ["--roster", str(folder / "roster.note"), "--roots", str(folder / "roots")]
    assert run([*arguments, *vouched]) == 0
    return out.read_bytes()


def test_a_letters_object_opens_with_another_age_for_every_reviewer(
    node_folder: Path, panel: Panel, tmp_path: Path
) -> None:
    letter = seal(tmp_path, panel)
    sealed = dearmor(letter[letter.index(b"-----BEGIN AGE") :])
    (tmp_path / "object.age").write_bytes(sealed)
    jobs = [
        {"input": str(tmp_path / "object.age"), "identity": str(identity)}
        for identity in panel.identities
    ]
    opened = ask_node(node_folder, open=jobs)["opened"]
    container = decrypt_bytes(sealed, panel.identities)
    assert opened == [hashlib.sha256(container).hexdigest()] * 3
    assert Container.parse(container).answers == {"narrative": "Ӏумар сказал нет"}


def test_a_container_that_another_age_sealed_is_one_of_ours(
    node_folder: Path, panel: Panel, tmp_path: Path
) -> None:
    plain = seal(tmp_path, panel, "--container-only")
    job = {
        "input": str(tmp_path / "container"),
        "output": str(tmp_path / "sealed.age"),
        "recipients": [str(recipient) for recipient in panel.roster.recipients],
    }
    ask_node(node_folder, seal=[job])
    sealed = (tmp_path / "sealed.age").read_bytes()
    for identity in panel.identities:
        assert decrypt_bytes(sealed, [identity]) == plain
    letter = seal(tmp_path, panel)
    assert len(dearmor(letter[letter.index(b"-----BEGIN AGE") :])) == len(sealed)
