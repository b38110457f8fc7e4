"""Questions without an answer: what is asked back, what is refused, and what is offered."""

import pytest

from atlas.analyst import Answer, Clarify, Refuse, Situation, analyse, suggestions
from atlas.semantic.layer import SemanticLayer
from tests.analyst.layer import LAYER, TODAY

HERE = Situation(LAYER, TODAY)

REFUSED = [
    ("what was our profit last year", "The data holds no costs, so profit cannot be computed."),
    ("margin by product", "The data holds no costs, so profit cannot be computed."),
    ("how many customers churned", "Nothing in the data says that a customer left."),
    ("weather in Berlin", "I do not know what “weather” means here."),
    ("revenue by customer age", "I do not know what “age” means here."),
    ("Why did sales drop?", "I can show what happened, but not why."),
    ("predict revenue next year", "I do not know what “predict”, “next” means here."),
    ("delete all orders", "I can only read data; I cannot delete anything."),
    ("Send an email to a@example.com with revenue",
     "Nothing here can send that now. An admin sees which actions are switched on."),
    ("drop table orders", "I can only read data; I cannot drop anything."),
    ("please update the price of Chai", "I can only read data; I cannot update anything."),
    ("SELECT * FROM orders", "I do not know what “SELECT” means here."),
    ("asdfgh qwerty", "I do not know what “asdfgh qwerty” means here."),
    ("hello", "I did not find a figure or a thing to list in the question."),
    ("", "Please ask a question about the data."),
    ("   \n\t ", "Please ask a question about the data."),
    ("\x00\x01", "Please ask a question about the data."),
    ("revenue " * 200, "That is too long for me; please ask it shorter."),
    ("x" * 9000, "That is too long for me; please ask it shorter."),
    ("revenue of " + "9" * 901, "That is too long for me; please ask it shorter."),
    ("stock by month", "Products are known only as they are now, without history."),
    ("freight cost by category", "Freight cost cannot be split by categories: each row would be "
     "counted several times."),
    ("top 3 products per category by revenue",
     "I can rank one thing at a time, not within each of another."),
    ("how many cities do we sell to", "I cannot count different cities here."),
    ("how many orders had an average discount",
     "I did not understand how “average discount” belongs to “orders”."),
    ("how many employees report to Andrew Fuller", "I do not know what “report” means here."),
    ("most expensive product per category",
     "I can list things, but not within each of another."),
    ("revenue with more than 5 orders", "I did not understand what the limit is about."),
    ("orders that cost more than 500", "“more than 500” of what?"),
    ("what is the cost of orders", "I do not know what “cost” means here."),
    ("what percentage of customers in France have ordered this year",
     "I can count those, but not as a share of all of them."),
    ("revenue by month compared to budget", "I do not know what “budget” means here."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "message"), REFUSED, ids=[q[:40] for q, _ in REFUSED])
def test_it_is_refused_and_named(question: str, message: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Refuse), found
    assert found.message == message


@pytest.mark.parametrize("question", [question for question, _ in REFUSED][:8])
def test_a_refusal_offers_three_different_questions_that_work(question: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Refuse)
    assert len(set(found.suggestions)) == 3
    for offered in found.suggestions:
        assert isinstance(analyse(offered, HERE), Answer), offered


ASKED = [
    ("volume by month", ["Units sold by month", "Number of orders by month"]),
    (
        "Who are our best customers?",
        [
            "Who are our top customers by number of orders?",
            "Who are our top customers by freight cost?",
            "Who are our top customers by revenue?",
            "Who are our top customers by units sold?",
        ],
    ),
    ("show the trend", ["show the trend by number of orders", "show the trend by freight cost",
                        "show the trend by revenue", "show the trend by units sold"]),
    ("compare Germany and France", None),
    ("most popular products", None),
    ("Top 10", None),
    ("average revenue", None),
    ("biggest orders", None),
    ("Germany last year", None),
    ("last month", None),
    ("Which shipper is the cheapest?", None),
    ("how much did Ernst Handel order", None),
    ("what do we buy from Tokyo Traders", None),
    ("highest revenue", ["highest revenue by month", "highest revenue by customers",
                         "highest revenue by orders", "highest revenue by products",
                         "highest revenue by categories"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "options"), ASKED, ids=[q for q, _ in ASKED])
def test_it_is_asked_back_with_whole_questions(question: str, options: list[str] | None) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Clarify), found
    assert 2 <= len(found.options) <= 5
    if options is not None:
        assert [option.question for option in found.options] == options
    for option in found.options:
        assert isinstance(analyse(option.question, HERE), Answer), option


def test_a_word_of_a_context_plugin_is_read_as_what_it_stands_for() -> None:
    situation = Situation(LAYER, TODAY, terms={"Umsatz": "revenue"})

    found = analyse("Umsatz by month", situation)

    assert isinstance(found, Answer)
    assert found.query.measures == ("order_lines.revenue",)


def test_suggestions_after_an_answer_are_near_and_not_the_same() -> None:
    answered = analyse("What was our revenue by month this year?", HERE)
    assert isinstance(answered, Answer)

    found = suggestions(LAYER, answered.query)

    assert "What was our revenue by month this year?" not in found
    assert found[0] == "Top 5 products by revenue last quarter"


def test_an_empty_layer_refuses_and_does_not_break() -> None:
    found = analyse("revenue by month", Situation(SemanticLayer(), TODAY))

    assert isinstance(found, Refuse)
    assert len(found.suggestions) == 3
