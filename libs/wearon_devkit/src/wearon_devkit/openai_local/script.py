"""Which calls are befallen by which faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from wearon_devkit.openai_local.faults import Fault


class Match(BaseModel):
    """The calls that a rule is about.

    - `prompt_contains`: only calls whose prompt contains this text; None is every call.
    - `nth`: the rule begins at the nth such call (from 1) after it was set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt_contains: str | None = None
    nth: int = Field(default=1, ge=1)


class Rule(BaseModel):
    """A fault, the calls it befalls, and how many of them; `times` None is all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: Match = Match()
    times: int | None = Field(default=1, ge=1)
    fault: Fault


@dataclass(slots=True)
class RuleState:
    """A rule and how far it has come."""

    rule: Rule
    matched_calls: int = 0
    fired_times: int = 0

    def counts(self, prompt: str) -> bool:
        """Count the call if the rule is about it, and return whether the rule would fire now."""
        wanted = self.rule.match.prompt_contains
        if wanted is not None and wanted not in prompt:
            return False
        self.matched_calls += 1
        is_spent = self.rule.times is not None and self.fired_times >= self.rule.times
        return self.matched_calls >= self.rule.match.nth and not is_spent


class Script:
    """The rules in force. Every rule counts every call; the first that fires decides."""

    def __init__(self) -> None:
        self._states: list[RuleState] = []

    def append(self, rules: Sequence[Rule]) -> None:
        """Put rules behind those already in force."""
        self._states.extend(RuleState(rule) for rule in rules)

    def clear(self) -> None:
        """Drop all rules."""
        self._states.clear()

    def fault_for(self, prompt: str) -> Fault | None:
        """Return the fault that befalls a call, and use it up."""
        firing = [state for state in self._states if state.counts(prompt)]
        if not firing:
            return None
        firing[0].fired_times += 1
        return firing[0].rule.fault
