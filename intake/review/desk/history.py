"""What a reviewer has in hand and how they came there, so that every change can be taken back.

A state is a table of named values; a change holds what each name had before and has after. It knows
nothing of what they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self, cast

from intake.errors import MalformedError

STEPS_MOST: Final = 1_000  # changes that can be taken back; older ones hold

State = Mapping[str, object]
Change = Mapping[str, tuple[object, object]]


@dataclass(frozen=True)
class History:
    """The state now, the changes that led to it, and those that were taken back and can be done again.

    `base` names the record that the state began from: its number and reviewer, or 0 and nobody. No value
    is None: that stands for a name that is not there.
    """

    base: tuple[int, str] = (0, "")
    state: State = field(default_factory=dict[str, object], repr=False)
    done: tuple[Change, ...] = field(default=(), repr=False)
    undone: tuple[Change, ...] = field(default=(), repr=False)

    def changed(self, state: State) -> Self:
        """The same after one more change; itself where nothing differs."""
        names = sorted(self.state.keys() | state.keys())
        change = {
            name: (self.state.get(name), state.get(name))
            for name in names
            if self.state.get(name) != state.get(name)
        }
        if not change:
            return self
        return type(self)(self.base, dict(state), (*self.done, change)[-STEPS_MOST:])

    def undo(self) -> Self:
        """The same before its last change; itself where there is none."""
        if not self.done:
            return self
        state = _with(self.state, {name: before for name, (before, _) in self.done[-1].items()})
        return type(self)(self.base, state, self.done[:-1], (*self.undone, self.done[-1]))

    def redo(self) -> Self:
        """The same with the change done again that was taken back last; itself where there is none."""
        if not self.undone:
            return self
        state = _with(self.state, {name: after for name, (_, after) in self.undone[-1].items()})
        return type(self)(self.base, state, (*self.done, self.undone[-1]), self.undone[:-1])

    def to_json(self) -> dict[str, object]:
        """The value that is kept as a draft."""
        return {
            "base": list(self.base),
            "state": dict(self.state),
            "done": [_to_json(change) for change in self.done],
            "undone": [_to_json(change) for change in self.undone],
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            number, by = cast("tuple[int, str]", row["base"])
            history = cls(
                (number, by),
                dict(cast("State", row["state"])),
                *(
                    tuple(_change(one) for one in cast("list[object]", row[name]))
                    for name in ("done", "undone")
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedError("a draft has another shape", "drop it and begin again") from None
        if history.to_json() != value:
            raise MalformedError("a draft has another shape", "drop it and begin again")
        return history


def _with(state: State, values: State) -> State:
    both = {**state, **values}
    return {name: value for name, value in both.items() if value is not None}


def _to_json(change: Change) -> dict[str, object]:
    return {name: [before, after] for name, (before, after) in change.items()}


def _change(value: object) -> Change:
    rows = cast("Mapping[str, tuple[object, object]]", value)
    return {name: (before, after) for name, (before, after) in rows.items()}
