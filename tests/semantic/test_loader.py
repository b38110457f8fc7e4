"""Loading YAML: a layer when all is well, else every problem with its file and line."""

from pathlib import Path

import pytest

from atlas.semantic.loader import load_layer, read_folder
from atlas.semantic.problems import Finding, LayerError, Problem

SOURCE = "datasource: shop\nas_of: max(orders.day)\n"
ORDERS = """\
name: orders
table: orders
schema_name: sales
primary_key: id
default_time: day
default_measure: total
label_column: id
list_columns: [id, day, customers.name]
dimensions:
  - {name: id, sql: id, type: id}
  - {name: day, sql: day, type: date}
  - name: is_late
    sql: shipped > due
    type: boolean
    phrases: {true: [late, overdue], false: [on time]}
measures:
  - {name: total, sql: price * quantity, agg: sum, format: money}
joins:
  - {to: customers, keys: {customer_id: id}, cardinality: many_to_one}
"""
CUSTOMERS = """\
name: customers
table: customers
primary_key: id
dimensions:
  - name: name
    sql: name
    type: category
    values: [Norway, NO, on]
    value_synonyms: {NO: [norge, off], on: yes}
"""
GOOD = {
    "source.yml": SOURCE,
    "entities/orders.yml": ORDERS,
    "entities/customers.yml": CUSTOMERS,
}
Files = dict[str, str]


def written(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, files: Files) -> list[str]:
    with pytest.raises(LayerError) as caught:
        load_layer(written(folder, files))
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_becomes_a_layer(tmp_path: Path) -> None:
    metrics = "- {name: average, numerator: orders.total, denominator: orders.count}\n"
    files = GOOD | {
        "metrics/sales.yml": metrics,
        "glossary.yml": "- {term: profit, status: unsupported, reason: No costs are known.}\n",
        "adjectives.yml": "- {word: priciest, by: orders.total}\n",
        "examples.yml": "- {question: 'How much?', query: {measures: [orders.total]}}\n",
    }

    layer = load_layer(written(tmp_path, files))

    assert [entity.name for entity in layer.entities] == ["customers", "orders"]
    assert layer.source.datasource == "shop"
    assert [metric.name for metric in layer.metrics] == ["average"]
    assert layer.glossary[0].reason == "No costs are known."
    assert layer.adjectives[0].direction == "desc"
    assert layer.examples[0].query.measures == ("orders.total",)


def test_bare_names_belong_to_the_entity_that_uses_them(tmp_path: Path) -> None:
    orders = load_layer(written(tmp_path, GOOD)).entity("orders")

    assert orders is not None
    assert orders.default_time == "orders.day"
    assert orders.default_measure == "orders.total"
    assert orders.list_columns == ("orders.id", "orders.day", "customers.name")


def test_words_that_yaml_1_1_turns_into_booleans_stay_words(tmp_path: Path) -> None:
    layer = load_layer(written(tmp_path, GOOD))

    name = layer.dimension("customers.name")
    late = layer.dimension("orders.is_late")
    assert name is not None
    assert late is not None
    assert name.values == ("Norway", "NO", "on")
    assert name.value_synonyms == {"NO": ("norge", "off"), "on": ("yes",)}
    assert late.phrases == {"true": ("late", "overdue"), "false": ("on time",)}


def test_an_empty_list_file_is_no_problem(tmp_path: Path) -> None:
    assert load_layer(written(tmp_path, GOOD | {"glossary.yml": "# nothing yet\n"})).glossary == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"source.yml": "datasorce: x\n"},
         ["source.yml:1: unknown key 'datasorce'; did you mean 'datasource'?"]),
        ({"source.yml": "datasource: x\nas_of: tomorrow\n"},
         ["source.yml:2: write now, a day as YYYY-MM-DD, or max(entity.dimension)"]),
        ({"source.yml": "as_of: max(orders.total)\n"},
         ["source.yml:1: 'orders.total' is not a date dimension"]),
        ({"entities/x.yml": "name: x\ntable: x\nname: y\nprimary_key: id\n"},
         ["entities/x.yml:3: the key 'name' is given twice"]),
        ({"entities/x.yml": "name: x\ntable: x\n"},
         ["entities/x.yml:1: the key 'primary_key' is missing"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\ndimensions:\n"
                            "  - name: a\n    sql: a\n    typ: date\n"},
         ["entities/x.yml:7: unknown key 'typ'; did you mean 'type'?"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\njoins:\n"
                            "  - to: orders\n    on: {a: b}\n"},
         ["entities/x.yml:5: the key 'keys' is missing", "entities/x.yml:6: unknown key 'on'"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\njoins:\n"
                            "  - {to: nobody, keys: {a: id}}\n"},
         ["entities/x.yml:5: there is no entity 'nobody'"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\njoins:\n"
                            "  - to: customers\n    keys: {a: name}\n"},
         ["entities/x.yml:6: a join to one customers must give its whole primary key (id)"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\nlabel_column: title\n"
                            "default_time: orders.total\ndefault_measure: nothing\n"
                            "list_columns:\n  - customers.name\n  - age\n"},
         ["entities/x.yml:4: 'title' is not a dimension of x",
          "entities/x.yml:5: 'orders.total' is not a date dimension",
          "entities/x.yml:6: 'x.nothing' is not a measure",
          "entities/x.yml:9: 'x.age' is not a dimension"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\nmeasures:\n"
                            "  - name: a\n    sql: price * (\n"},
         ["entities/x.yml:6: not an SQL expression: price * ("]),
        ({"entities/x.yml": "name: orders\ntable: x\nprimary_key: id\n"},
         ["entities/x.yml:1: 'orders' is already declared in entities/orders.yml:1"]),
        ({"entities/x.yml": "name: x\ntable: x\nprimary_key: id\ndimensions:\n"
                            "  - {name: a, sql: a}\nmeasures:\n  - {name: a, sql: a}\n"},
         ["entities/x.yml:7: 'a' is declared twice in x"]),
        ({"entities/x.yml": "- name: x\n"},
         ["entities/x.yml:1: must be a mapping (lines with key: value)"]),
        ({"glossary.yml": "term: x\n"}, ["glossary.yml:1: must be a list (lines with -)"]),
        ({"glossary.yml": "- just text\n"},
         ["glossary.yml:1: must be a mapping (lines with key: value)"]),
        ({"glossary.yml": "- {term: a}\n- {term: a}\n"},
         ["glossary.yml:2: 'a' is already declared in glossary.yml:1"]),
        ({"glossary.yml": "- term: a\n  status: ambiguous\n"},
         ["glossary.yml:1: ambiguous term a needs at least two options"]),
        ({"metrics/m.yml": "- {name: a, numerator: orders.total, denominator: orders.nothing}\n"},
         ["metrics/m.yml:1: 'orders.nothing' is not a measure"]),
        ({"metrics/m.yml": "- name: a\n  expression: orders.total / orders.no\n"},
         ["metrics/m.yml:2: 'orders.no' is not a measure"]),
        ({"adjectives.yml": "- word: a\n  by: orders.no\n  entity: nobody\n"},
         ["adjectives.yml:2: 'orders.no' is neither a measure nor a dimension",
          "adjectives.yml:3: there is no entity 'nobody'"]),
        ({"examples.yml": "- question: a\n  query:\n    measure: [orders.total]\n"},
         ["examples.yml:3: unknown key 'measure'; did you mean 'measures'?"]),
        ({"notes.yml": "a: b\n"},
         ["notes.yml: not a file of a semantic layer; known are source.yml, entities/*.yml, "
          "metrics/*.yml, glossary.yml, adjectives.yml, examples.yml"]),
        ({"entities/x.yaml": "a: b\n"}, ["entities/x.yaml: rename it to end in .yml"]),
        ({"glossary.yml": "- [a\n"},
         ["glossary.yml:2: not YAML: expected ',' or ']', but got '<stream end>'"]),
        ({"glossary.yml": "- &a {term: x}\n- *a\n"},
         ["glossary.yml:1: anchors and aliases are not read here: write the value out"]),
        ({"glossary.yml": "- {term: !!python/name:os.system x}\n"},
         ["glossary.yml:1: the tag !!python/name:os.system is not read here"]),
        ({"glossary.yml": "- {term: !secret x}\n"},
         ["glossary.yml:1: the tag !secret is not read here"]),
        ({"glossary.yml": "[" * 50}, ["glossary.yml:1: nested deeper than 40 levels"]),
        ({"glossary.yml": "- {[a, b]: c}\n"}, ["glossary.yml:1: a key must be a word"]),
    ],
)  # fmt: skip
def test_a_problem_names_file_and_line(tmp_path: Path, files: Files, expected: list[str]) -> None:
    assert problems_of(tmp_path, GOOD | files) == expected


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    files = GOOD | {
        "source.yml": "currency: [USD]\n",
        "entities/x.yml": "name: X\ntable: x\nprimary_key: id\nextra: 1\n",
        "glossary.yml": "- {term: a, status: unsupported}\n",
    }

    found = problems_of(tmp_path, files)

    assert [line.split(": ")[0] for line in found] == [
        "entities/x.yml:1",
        "entities/x.yml:4",
        "glossary.yml:1",
        "source.yml:1",
    ]


def test_the_message_shows_the_first_problems(tmp_path: Path) -> None:
    lines = "".join(f"- {{term: t{n}, colour: red}}\n" for n in range(8))

    with pytest.raises(LayerError) as caught:
        load_layer(written(tmp_path, GOOD | {"glossary.yml": lines}))

    assert caught.value.code == "semantic_layer"
    assert caught.value.user_message.startswith(
        "The semantic layer has problems. glossary.yml:1: unknown key 'colour'; glossary.yml:2:"
    )
    assert caught.value.user_message.endswith("; and 3 more")


def test_a_missing_folder_and_a_missing_source_are_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"

    with pytest.raises(LayerError) as caught:
        load_layer(nowhere)
    assert caught.value.problems == [Problem(str(nowhere), 0, "there is no such folder")]
    assert problems_of(tmp_path, {"glossary.yml": ""}) == ["source.yml: this file is missing"]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = written(tmp_path, GOOD)
    (folder / "glossary.yml").write_bytes(b"\xff\xfe- term")

    with pytest.raises(LayerError) as caught:
        load_layer(folder)

    assert caught.value.problems == [Problem("glossary.yml", 0, "not text in UTF-8")]


def test_control_characters_and_huge_files_are_told(tmp_path: Path) -> None:
    files = GOOD | {"glossary.yml": "- {term: a\x00b}\n", "examples.yml": "#" * 1_000_001}

    assert problems_of(tmp_path, files) == [
        "examples.yml: the file is longer than 1,000,000 characters",
        "glossary.yml: not YAML: unacceptable character #x0000: special characters are not allowed",
    ]


def test_a_finding_is_placed_in_its_file(tmp_path: Path) -> None:
    loaded = read_folder(written(tmp_path, GOOD))

    found = loaded.problem(Finding(("entities", 1, "dimensions", 2, "phrases", "false"), "odd"))

    assert found == Problem("entities/orders.yml", 15, "odd")
