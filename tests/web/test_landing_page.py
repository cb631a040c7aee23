"""The first page says what is true of this site, and each language has its way in."""

from collections.abc import Callable

import pytest

from intake.container import SIZES
from tests.web.conftest import World

NO_FILES = "Мы никогда не просим деньги, документы, ваши фотографии или телефонный разговор."
CHECHEN = "Можно писать по-чеченски."


@pytest.mark.parametrize("path", ["/", "/ru", "/ce"])
def test_it_says_what_the_exit_does_and_what_it_does_not(world: World, path: str) -> None:
    assert "Но она не скрывает, что вы пользовались Tor." in world.visitor().get(path).words


@pytest.mark.parametrize(("largest", "said"), [(SIZES[0], True), (SIZES[1], False)])
def test_it_says_that_no_photographs_are_asked_for_only_while_that_is_so(
    make_world: Callable[..., World], largest: int, *, said: bool
) -> None:
    page = make_world(largest=largest).visitor().get("/")
    assert (NO_FILES in page.words) == said
    assert "Это не экстренная служба." in page.words


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/ru", {"/en": "en", "/ce": "ce"}),
        ("/en", {"/ru": "ru", "/ce": "ce"}),
        ("/ce", {"/en": "en"}),
    ],
)
def test_each_language_is_offered_in_its_own_words(
    world: World, path: str, links: dict[str, str]
) -> None:
    page = world.visitor().get(path)
    offered = {link["href"]: link["lang"] for link in page.links if "lang" in link}
    assert offered == links
    assert ('lang="ce">Нохчийн мотт</a>' in page.html) == ("/ce" in links)


def test_who_writes_in_chechen_gets_russian_instructions_and_a_russian_form(world: World) -> None:
    """Nothing of ours is in Chechen, and what is sealed says in which language the form was."""
    visitor = world.visitor()
    landing = visitor.get("/ce")
    assert landing.lang == "ru"
    assert CHECHEN in landing.words
    assert CHECHEN not in visitor.get("/ru").words
    form = visitor.press(landing, "Начать")
    assert form.lang == "ru"
    check = visitor.press(form, "Продолжить", {"narrative": "1умар, Ӏумар, Iумар"})
    visitor.press(check, "Отправить")
    ((_, container),) = world.kept()
    assert container.form.lang == "ru"
    assert container.answers["narrative"] == "1умар, Ӏумар, Iумар"


def test_there_is_no_such_page_for_letters_in_chechen(world: World) -> None:
    assert world.visitor().get("/s/ce").status == 404
