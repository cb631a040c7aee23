"""One person who writes: what they write, and how they go about it in a tab."""

from intake.container import Container, Mode
from tests.browser.browsers import Tab, until
from tests.browser.wire import Wire

SENTENCE = "Ӏумар и ещё двое стояли у синей «Лады», сентябрь 2016"
NATIVE = "noscript button:not([name])"
WORDS = {
    "not_sent": "Не отправлено. С этой страницы ничего не ушло. Ваш текст остался здесь.",
    "refused": "Не принято. С этой страницы ушёл только закрытый текст. Ваш текст остался здесь.",
    "retry": "Не отправлено. Ваш текст остался на этой странице. Нажмите «Отправить» ещё раз",
    "down": "Сейчас страница не работает. Ничего не отправлено и не сохранено. Попробуйте позже",
    "unknown": "Мы не знаем, отправлено ли это. Ваш текст остался на этой странице.",
}


def open_form(tab: Tab, wire: Wire, *, script: bool) -> None:
    """Go to the form and wait until there is a way on."""
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("#continue" if script else NATIVE), "a button to go on with")


def write(tab: Tab) -> None:
    """Fill in the form."""
    tab.press("[value='r.witness']")
    tab.type("[name=narrative]", SENTENCE)
    tab.type("[name=where_text]", "Ӏамаркъ")
    tab.press("[name=consent][value=stats]")


def status_of(letter: bytes) -> bytes:
    """The line under which the server keeps a letter."""
    return letter[letter.index(b"\nstatus ") : letter.index(b"\nevent ")]


def check_kept(kept: list[Container], mode: Mode) -> None:
    """Exactly one testimony is kept, and it is what was written."""
    (container,) = kept
    assert container.mode is mode
    assert container.answers == {
        "relation": "r.witness",
        "narrative": SENTENCE,
        "where_text": "Ӏамаркъ",
    }
    assert {row.level.value for row in container.consent if row.agreed} == {"stats"}
    assert {row.lang for row in container.consent} == {container.form.lang} == {"ru"}
