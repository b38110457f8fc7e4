"""Drafting: files that load as they are, made from names, types and keys alone."""

from pathlib import Path

import pytest

from atlas.semantic.draft import clean_name, draft
from atlas.semantic.introspected import Column, ForeignKey, Introspection, TableFacts
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import load_layer


def columns(**types: str) -> tuple[Column, ...]:
    return tuple(Column(name, type_name) for name, type_name in types.items())


ORDERS = TableFacts(
    "public",
    "orders",
    columns(
        order_id="integer",
        customer_id="character varying",
        order_date="date",
        shipped_date="date",
        freight="numeric",
        unit_price="numeric",
        is_paid="boolean",
        ship_city="text",
        note="text",
        extra="jsonb",
    ),
    ("order_id",),
    (ForeignKey(("customer_id",), "public", "customers", ("customer_id",)),),
    "What was ordered.",
)
CUSTOMERS = TableFacts(
    "public", "customers", columns(customer_id="text", company_name="text"), ("customer_id",)
)
LINES = TableFacts(
    "public",
    "order_lines",
    columns(order_id="integer", line="integer", quantity="smallint", discount="real"),
    ("order_id", "line"),
    (ForeignKey(("order_id",), "public", "orders", ("order_id",)),),
)


def drafted(folder: Path, *tables: TableFacts) -> SemanticLayer:
    for name, text in draft(Introspection("shop", tables)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_layer(folder)


def test_the_files_are_the_layout_of_a_layer() -> None:
    assert list(draft(Introspection("shop", (ORDERS, CUSTOMERS)))) == [
        "source.yml",
        "entities/orders.yml",
        "entities/customers.yml",
        "examples.yml",
    ]


def test_a_draft_loads(tmp_path: Path) -> None:
    layer = drafted(tmp_path, ORDERS, CUSTOMERS, LINES)

    assert layer.source.datasource == "shop"
    assert [entity.name for entity in layer.entities] == ["customers", "order_lines", "orders"]
    assert [example.question for example in layer.examples] == [
        "How many orders are there?",
        "How many customers are there?",
        "How many order lines are there?",
    ]


def test_columns_become_dimensions_by_type(tmp_path: Path) -> None:
    orders = drafted(tmp_path, ORDERS, CUSTOMERS).entity("orders")

    assert orders is not None
    assert {d.name: d.type for d in orders.dimensions} == {
        "order_id": "id",
        "customer_id": "id",
        "order_date": "date",
        "shipped_date": "date",
        "freight": "number",
        "unit_price": "number",
        "is_paid": "boolean",
        "ship_city": "category",
        "note": "text",
    }
    assert [d.name for d in orders.dimensions if d.hidden] == ["customer_id"]
    assert orders.dimensions[6].phrases == {"true": ("paid",), "false": ("not paid",)}


def test_numbers_become_measures_and_prices_are_not_summed(tmp_path: Path) -> None:
    orders = drafted(tmp_path, ORDERS, CUSTOMERS).entity("orders")

    assert orders is not None
    assert [(m.name, m.agg, m.additive) for m in orders.measures] == [
        ("total_freight", "sum", True),
        ("average_freight", "avg", False),
        ("average_unit_price", "avg", False),
    ]


def test_overview_is_guessed_from_names(tmp_path: Path) -> None:
    layer = drafted(tmp_path, ORDERS, CUSTOMERS, LINES)
    orders, customers, lines = (layer.entity(n) for n in ("orders", "customers", "order_lines"))
    assert orders is not None
    assert customers is not None
    assert lines is not None

    assert orders.default_time == "orders.order_date"
    assert orders.description == "What was ordered."
    assert orders.synonyms == ("order",)
    assert customers.label_column == "company_name"
    assert lines.default_time == "orders.order_date"


def test_joins_come_from_foreign_keys(tmp_path: Path) -> None:
    orders = drafted(tmp_path, ORDERS, CUSTOMERS).entity("orders")

    assert orders is not None
    [join] = orders.joins
    assert (join.to, join.keys, join.cardinality) == (
        "customers",
        {"customer_id": "customer_id"},
        "many_to_one",
    )


def test_a_key_that_is_the_primary_key_joins_one_to_one(tmp_path: Path) -> None:
    details = TableFacts(
        "public",
        "order_extras",
        columns(order_id="integer"),
        ("order_id",),
        (ForeignKey(("order_id",), "public", "orders", ("order_id",)),),
    )

    extras = drafted(tmp_path, ORDERS, CUSTOMERS, details).entity("order_extras")

    assert extras is not None
    assert extras.joins[0].cardinality == "one_to_one"
    assert extras.dimensions[0].hidden is False


@pytest.mark.parametrize(
    "key",
    [
        ForeignKey(("boss",), "public", "people", ("id",)),
        ForeignKey(("boss",), "public", "unknown", ("id",)),
    ],
)
def test_joins_that_lead_nowhere_or_back_are_left_out(tmp_path: Path, key: ForeignKey) -> None:
    people = TableFacts("public", "people", columns(id="uuid", boss="uuid"), ("id",), (key,))

    found = drafted(tmp_path, people).entity("people")

    assert found is not None
    assert found.joins == ()


def test_a_second_join_to_one_table_is_only_a_comment(tmp_path: Path) -> None:
    keys = [ForeignKey((name,), "public", "airports", ("faa",)) for name in ("origin", "dest")]
    flights = TableFacts("public", "flights", columns(origin="text", dest="text"), (), tuple(keys))
    airports = TableFacts("public", "airports", columns(faa="text", name="text"), ("faa",))

    found = drafted(tmp_path, flights, airports).entity("flights")

    assert found is not None
    assert [join.keys for join in found.joins] == [{"origin": "faa"}]
    assert "# - {to: airports, keys: {dest: faa}" in (
        (tmp_path / "entities" / "flights.yml").read_text()
    )


def test_a_table_without_a_key_says_so_and_loads(tmp_path: Path) -> None:
    table = TableFacts("public", "weather", columns(time_hour="timestamp", temp="double precision"))

    weather = drafted(tmp_path, table).entity("weather")

    assert weather is not None
    assert weather.primary_key == ()
    assert weather.default_time == "weather.time_hour"
    text = (tmp_path / "entities" / "weather.yml").read_text()
    assert "# No primary key was found" in text


def test_names_of_any_kind_survive(tmp_path: Path) -> None:
    table = TableFacts(
        "Sales Data",
        "Order: Items",
        (Column("Unit Price ($)", "numeric"), Column("select", "text"), Column("no", "boolean"),
         Column('quo"te', "date"), Column("unit price", "integer"), Column("2nd", "text")),
        ("select",),
        comment='Says "hi": {x}\n# not a comment',
    )  # fmt: skip

    [entity] = drafted(tmp_path, table).entities

    assert (entity.name, entity.table, entity.schema_name) == (
        "order_items",
        "Order: Items",
        "Sales Data",
    )
    assert entity.primary_key == ("select",)
    assert entity.description == 'Says "hi": {x} # not a comment'
    assert {d.name: d.sql for d in entity.dimensions} == {
        "unit_price": '"Unit Price ($)"',
        "select": '"select"',
        "no": "no",
        "quo_te": '"quo""te"',
        "unit_price_2": '"unit price"',
        "t_2nd": '"2nd"',
    }


def test_equal_tables_of_two_schemas_get_two_names(tmp_path: Path) -> None:
    tables = [TableFacts(schema, "events", columns(id="bigint"), ("id",)) for schema in ("a", "b")]

    layer = drafted(tmp_path, *tables)

    assert {entity.name: entity.schema_name for entity in layer.entities} == {
        "events": "a",
        "b_events": "b",
    }


def test_people_are_named_by_both_names(tmp_path: Path) -> None:
    table = TableFacts(
        "public",
        "employees",
        columns(id="integer", first_name="text", last_name="text", title="text",
                birth_date="date", hire_date="date"),
        ("id",),
    )  # fmt: skip

    employees = drafted(tmp_path, table).entity("employees")

    assert employees is not None
    assert employees.label_column == "full_name"
    assert employees.default_time == "employees.hire_date"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("OrderDetails", "order_details"),
        ("ORDERS", "orders"),
        ("über alles", "ber_alles"),
        ("123", "t_123"),
        ("日本", "t"),
        ("x" * 100, "x" * 60),
    ],
)
def test_names_become_plain(text: str, name: str) -> None:
    assert clean_name(text) == name


def test_nothing_but_descriptions_gets_into_the_files() -> None:
    text = "\n".join(draft(Introspection("shop", (ORDERS, CUSTOMERS, LINES))).values())

    assert "from_db" in text
    assert "\n    values:" not in text


FLIGHTS = TableFacts(
    "public",
    "flights",
    columns(year="integer", month="integer", day="integer", dep_time="integer",
            dep_delay="integer", arr_delay="integer", carrier="text", flight="integer",
            tailnum="text", origin="text", sched_hour="integer",
            time_hour="timestamp with time zone"),
    ("time_hour", "carrier", "flight"),
    (ForeignKey(("carrier",), "public", "airlines", ("carrier",)),),
)  # fmt: skip
AIRLINES = TableFacts("public", "airlines", columns(carrier="text", name="text"), ("carrier",))
PLANES = TableFacts(
    "public", "planes", columns(tailnum="text", year="integer", type="text"), ("tailnum",)
)
WEATHER = TableFacts(
    "public",
    "weather",
    columns(origin="text", time_hour="timestamp with time zone", temp="real"),
    ("origin", "time_hour"),
)


def test_year_month_and_day_are_one_date(tmp_path: Path) -> None:
    flights = drafted(tmp_path, FLIGHTS).entity("flights")

    assert flights is not None
    assert flights.default_time == "flights.date"
    [date] = [d for d in flights.dimensions if d.name == "date"]
    assert (date.type, date.sql, date.label) == ("date", "make_date(year, month, day)",
                                                 "Flight date")  # fmt: skip
    assert [d.name for d in flights.dimensions if d.hidden] == ["year", "month", "day"]


@pytest.mark.parametrize(
    "given",
    [
        {"year": "integer", "month": "integer"},
        {"year": "text", "month": "text", "day": "text"},
        {"year": "integer", "month": "integer", "day": "integer", "date": "date"},
    ],
)
def test_other_parts_of_a_calendar_stay_as_they_are(tmp_path: Path, given: dict[str, str]) -> None:
    table = TableFacts("public", "sales", columns(**given))

    sales = drafted(tmp_path, table).entity("sales")

    assert sales is not None
    assert {d.name for d in sales.dimensions} == given.keys()


def test_a_date_in_a_key_stays_a_date(tmp_path: Path) -> None:
    layer = drafted(tmp_path, FLIGHTS, WEATHER)
    flights, weather = layer.entity("flights"), layer.entity("weather")
    assert flights is not None
    assert weather is not None

    assert {d.name: d.type for d in flights.dimensions}["time_hour"] == "date"
    assert weather.default_time == "weather.time_hour"


def test_a_code_that_points_elsewhere_can_be_asked_for(tmp_path: Path) -> None:
    flights = drafted(tmp_path, FLIGHTS, AIRLINES).entity("flights")

    assert flights is not None
    [carrier] = [d for d in flights.dimensions if d.name == "carrier"]
    assert (carrier.type, carrier.hidden) == ("category", False)


def test_keys_are_also_known_by_their_names(tmp_path: Path) -> None:
    flights = drafted(tmp_path, FLIGHTS, AIRLINES, PLANES, WEATHER).entity("flights")

    assert flights is not None
    assert {join.to: join.keys for join in flights.joins} == {
        "airlines": {"carrier": "carrier"},
        "planes": {"tailnum": "tailnum"},
        "weather": {"origin": "origin", "time_hour": "time_hour"},
    }
    text = (tmp_path / "entities" / "flights.yml").read_text()
    assert text.count("# Told by the names of the columns: no foreign key says so.") == 2


def test_a_plain_id_is_joined_by_the_name_of_its_table(tmp_path: Path) -> None:
    people = TableFacts("public", "people", columns(id="integer", name="text"), ("id",))
    accounts = TableFacts("public", "accounts", columns(id="integer", name="text"), ("id",))
    visits = TableFacts(
        "public", "visits", columns(id="integer", account_id="integer", name="text"), ("id",)
    )

    layer = drafted(tmp_path, people, accounts, visits)

    assert {e.name: [(j.to, j.keys) for j in e.joins] for e in layer.entities} == {
        "people": [],
        "accounts": [],
        "visits": [("accounts", {"account_id": "id"})],
    }


@pytest.mark.parametrize("type_name", ["text", "bigint"])
def test_a_key_of_another_type_is_another_thing(tmp_path: Path, type_name: str) -> None:
    calls = TableFacts("public", "calls", columns(number="integer", tailnum=type_name))
    planes = TableFacts("public", "planes", columns(tailnum="uuid"), ("tailnum",))

    found = drafted(tmp_path, calls, planes).entity("calls")

    assert found is not None
    assert found.joins == ()


def test_labels_are_words_for_people(tmp_path: Path) -> None:
    layer = drafted(tmp_path, FLIGHTS, AIRLINES, PLANES)

    found = {f"{e.name}.{d.name}": (d.label, d.synonyms)
             for e in layer.entities for d in e.dimensions}  # fmt: skip
    assert found["flights.dep_delay"] == ("Departure delay", ("dep delay",))
    assert found["flights.sched_hour"] == ("Scheduled hour", ("sched hour",))
    assert found["flights.flight"] == ("Flight number", ())
    assert found["airlines.name"] == ("Airline name", ("name",))
    assert found["planes.year"] == ("Plane year", ())
    assert found["flights.origin"] == ("Origin", ())


def test_a_pair_of_abbreviations_is_written_out_only_as_a_pair(tmp_path: Path) -> None:
    table = TableFacts("public", "staff", columns(dep_name="text", arr="text"))
    alone = TableFacts("public", "units", columns(dep_size="integer"))

    staff, units = (drafted(tmp_path, table, alone).entity(name) for name in ("staff", "units"))

    assert staff is not None
    assert units is not None
    assert [d.label for d in staff.dimensions] == ["Departure name", "Arrival"]
    assert [d.label for d in units.dimensions] == ["Dep size"]


def test_times_of_day_are_neither_summed_nor_averaged(tmp_path: Path) -> None:
    flights = drafted(tmp_path, FLIGHTS).entity("flights")

    assert flights is not None
    assert [(m.name, m.label) for m in flights.measures] == [
        ("average_dep_delay", "Average departure delay"),
        ("average_arr_delay", "Average arrival delay"),
        ("total_sched_hour", "Total scheduled hour"),
        ("average_sched_hour", "Average scheduled hour"),
    ]


def test_a_table_without_a_date_has_no_history(tmp_path: Path) -> None:
    layer = drafted(tmp_path, ORDERS, CUSTOMERS, LINES)

    assert {e.name: e.snapshot for e in layer.entities} == {
        "customers": True,
        "orders": False,
        "order_lines": False,
    }


def test_the_last_day_of_the_data_is_offered(tmp_path: Path) -> None:
    layer = drafted(tmp_path, ORDERS, CUSTOMERS)

    text = (tmp_path / "source.yml").read_text()
    assert layer.source.as_of == "now"
    assert "# as_of: max(orders.order_date)\n" in text
    assert "customers" not in text


def test_a_list_shows_what_tells_rows_apart_first(tmp_path: Path) -> None:
    orders = drafted(tmp_path, ORDERS, CUSTOMERS).entity("orders")

    assert orders is not None
    assert orders.list_columns[:4] == (
        "orders.order_date", "orders.order_id", "orders.ship_city", "orders.is_paid",
    )  # fmt: skip


def test_a_year_is_no_amount(tmp_path: Path) -> None:
    planes = drafted(tmp_path, PLANES).entity("planes")

    assert planes is not None
    assert {d.name: d.format for d in planes.dimensions}["year"] == "plain"
