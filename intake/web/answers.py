"""What a form posted, as it came: kept whole, so that any page can give it all back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from werkzeug.datastructures import MultiDict

from intake.caps import Cap, caps
from intake.field import MultiField
from intake.form import FORMS, FormDefinition, Place
from intake.testimony import Problem, Testimony, problems_of, tidy
from intake.web.languages import LANGUAGES


@dataclass(frozen=True)
class Answers:
    """A language, the texts by path, the levels with a tick, and the check page's `resend`.

    `page` is the key of the page that they came from, "" where they came from none. No text is in
    its `repr`.
    """

    form: FormDefinition
    lang: str
    texts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    agreed: tuple[str, ...] = ()
    resend: str = field(default="", repr=False)
    page: str = ""

    @classmethod
    def read(cls, asked: FormDefinition, form: MultiDict[str, str], default: str) -> Self:
        """Take the form's own fields and pass over all others.

        The form is the one that the page was, where it says so, and else `asked`: an operator who
        changes it takes nothing away from those who are writing. A button named `switch` asks for
        the other language; an unknown language is `default`.
        """
        asked = {known.key: known for known in FORMS.values()}.get(form.get("form", ""), asked)
        lang = form.get("switch") or form.get("lang", "")
        levels = [level.value for level, _ in asked.levels]
        ticked = set(form.getlist("consent"))
        texts: dict[str, str] = {}
        for path, found in asked.paths():
            given = form.getlist(path)
            # Ticks come one by one from their own page, and together from every other.
            text = (given or [""])[0]
            if isinstance(found, MultiField):
                text = found.canonical(" ".join(given))
            if text:
                texts[path] = text
        return cls(
            form=asked,
            lang=lang if lang in LANGUAGES else default,
            texts=texts,
            agreed=tuple(level for level in levels if level in ticked),
            resend=form.get("resend", ""),
            page=form.get("page", ""),
        )

    def testimony(self) -> Testimony:
        """The testimony that these answers make; raises `AnswersError`."""
        return Testimony.from_answers(self.lang, self.texts, self.agreed, self.form)

    def tidied(self) -> Self:
        """The same, with the texts as a page can show them."""
        return replace(self, texts={name: tidy(text) for name, text in self.texts.items()})

    @property
    def paths_here(self) -> frozenset[str]:
        """The paths of the fields on the page that they came from."""
        return frozenset(path for path, _ in self.form.paths_of(self.place))

    @property
    def problems_here(self) -> tuple[Problem, ...]:
        """What is wrong with the answers on that page."""
        found = problems_of(self.form, self.texts)
        return tuple(problem for problem in found if problem.field in self.paths_here)

    @property
    def place(self) -> Place:
        """The page that they came from; the first, where that is none that this form has."""
        return self.form.place(self.page) or Place(self.form.pages[0])

    def at(self, place: Place) -> Self:
        """The same answers, on another page."""
        return replace(self, page=place.key)

    def gone(self, way: str) -> Place:
        """The page to go to by a button: `next`, `skip`, `back`, `end`, `again`; else the same."""
        route = self.form.route(self.texts, self.place.key)
        here = route.index(self.place)
        if way in {"next", "skip"}:
            return route[min(here + 1, len(route) - 1)]
        if way == "back":
            return route[max(here - 1, 0)]
        if way == "end":
            return route[-1]
        if way == "again" and self.may_add:
            repeated = next(page for page in self.form.pages if page.each)
            return Place(repeated, self.place.time + 1)
        return self.place

    @property
    def may_add(self) -> bool:
        """Whether another time can be added after this page: the last of the last time."""
        last = [page for page in self.form.pages if page.each][-1:]
        time = self.place.time
        times = self.form.times(self.texts)
        return self.place.page in last and times <= time < self.form.most

    def chosen(self, path: str) -> tuple[str, ...]:
        """The codes that are ticked in a field of codes."""
        return tuple(self.texts.get(path, "").split(" "))

    @property
    def held_back(self) -> tuple[Cap, ...]:
        """The caps that hold back a use which was ticked."""
        levels = set(self.agreed)
        return tuple(
            cap for cap in caps(self.texts) if {level.value for level in cap.levels} & levels
        )

    @property
    def blank(self) -> bool:
        """Whether nothing was written or ticked, and they come from no page but the first."""
        first = self.place.page is self.form.pages[0]
        return first and not self.agreed and not self.texts
