"""From the YAML of a rulebook's `rules/` to typed rules and withhold blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing_rules.document import Rule, RuleDocument, Withhold
from routing_rules.loader_blocks import read_rule, read_withhold
from routing_rules.loader_words import ClosedSet, read_block, read_list
from routing_rules.source_text import Entries, Node, Position, Problems, Scalar, quoted, read_yaml
from routing_rules.vocabulary import Vocabulary

_KINDS = ClosedSet("a kind of block", {"rule": "a rule", "withhold": "a withhold block"})


def load_rules(
    files: Mapping[str, str], vocabulary: Vocabulary, problems: Problems
) -> RuleDocument:
    """Read rule files: the text by the path in the rulebook (`rules/police.yaml`).

    Everything wrong goes to `problems` at once, with file, line and column; no text makes it
    raise. Blocks with a problem are left out, so use the document only without problems.
    """
    loading = _Loading(vocabulary, problems)
    for file in sorted(files):
        root = read_yaml(file, files[file], problems)
        for node in () if root is None else read_list(root, problems):
            loading.read_block(node)
    return RuleDocument(tuple(loading.rules), tuple(loading.withholds))


@dataclass(frozen=True, slots=True)
class _Loading:
    vocabulary: Vocabulary
    problems: Problems
    rules: list[Rule] = field(default_factory=list)
    withholds: list[Withhold] = field(default_factory=list)
    names: dict[tuple[str, str], Position] = field(default_factory=dict)

    def read_block(self, node: Node) -> None:
        block = read_block(node, "a rule or a withhold block", self.problems)
        if block is None:
            return
        key, name = block.entries[0]
        if key.text == "promise":
            self.problems.add(key.position, "promises are written in promises.yaml")
            return
        noun = _KINDS.read(key, self.problems)
        if noun is not None:
            self.note_name(noun, name)
            self.read_kind(key.text, block)

    def note_name(self, noun: str, name: Node) -> None:
        """Names tell rules apart in reasons and reports, so each stands once in a rulebook."""
        if isinstance(name, Scalar):
            first = self.names.setdefault((noun, name.text), name.position)
            if first is not name.position:
                message = f"{quoted(name.text)} is already the name of {noun}, at {first}"
                self.problems.add(name.position, message)

    def read_kind(self, kind: str, block: Entries) -> None:
        if kind == "rule":
            rule = read_rule(block, self.vocabulary, self.problems)
            self.rules.extend(() if rule is None else (rule,))
        else:
            withhold = read_withhold(block, self.vocabulary, self.problems)
            self.withholds.extend(() if withhold is None else (withhold,))
