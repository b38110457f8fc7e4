"""The questions of the tutorial, with SQL that somebody wrote by hand."""

from typing import NamedTuple


class Question(NamedTuple):
    """`by_draft`: the drafted layer is enough. `says`: a part of the sentence."""

    text: str
    sql: str
    says: str
    by_draft: bool


QUESTIONS = [
    Question(
        "How many flights are there?",
        "SELECT count(*) FROM flights",
        "Number of flights: **336,776**",
        True,
    ),
    Question(
        "How many flights by airline?",
        "SELECT a.name, count(*) FROM flights f JOIN airlines a ON a.carrier = f.carrier"
        " GROUP BY a.name ORDER BY 2 DESC",
        "**United Air Lines Inc.** comes first by number of flights with **58,665**",
        True,
    ),
    Question(
        "Average departure delay by airline",
        "SELECT a.name, avg(dep_delay) FROM flights f JOIN airlines a USING (carrier)"
        " GROUP BY a.name ORDER BY 2 DESC",
        "**Frontier Airlines Inc.** comes first by average departure delay with **20.22**",
        True,
    ),
    Question(
        "How many flights by month?",
        "SELECT make_date(year, month, 1), count(*) FROM flights GROUP BY year, month ORDER BY 1",
        "peaked at **29,425** in Jul 2013; the lowest was 24,951 in Feb 2013",
        True,
    ),
    Question(
        "Top 5 destinations by number of flights",
        "SELECT dest, count(*) FROM flights GROUP BY dest ORDER BY 2 DESC LIMIT 5",
        "**ORD** comes first by number of flights with **17,283**",
        True,
    ),
    Question(
        "What is the longest distance?",
        "SELECT max(distance) FROM flights",
        "Highest distance: **4,983**",
        True,
    ),
    Question(
        "How many planes by manufacturer?",
        "SELECT manufacturer, count(*) FROM planes GROUP BY 1 ORDER BY 2 DESC, 1",
        "**BOEING** comes first by number of planes with **1,630**",
        True,
    ),
    Question(
        "How many flights had a departure delay over 60?",
        "SELECT count(*) FROM flights WHERE dep_delay > 60",
        "**26,581**",
        True,
    ),
    Question(
        "How many flights left from JFK in July?",
        "SELECT count(*) FROM flights WHERE origin = 'JFK' AND month = 7",
        "**10,023**",
        False,
    ),
    Question(
        "What share of flights were cancelled?",
        "SELECT count(*) FILTER (WHERE dep_time IS NULL)::numeric / count(*),"
        " count(*) FILTER (WHERE dep_time IS NULL), count(*) FROM flights",
        "**2.5%** of number of flights: 8,255 of 336,776",
        False,
    ),
    Question(
        "Share of cancelled flights by origin",
        "SELECT origin, avg(CASE WHEN dep_time IS NULL THEN 1.0 ELSE 0.0 END) FROM flights"
        " GROUP BY 1 ORDER BY 2 DESC",
        "**LGA** comes first by cancellation rate with **3.0%**",
        False,
    ),
    Question(
        "How many flights did Delta operate in December?",
        "SELECT count(*) FROM flights WHERE carrier = 'DL' AND month = 12",
        "**4,093**",
        False,
    ),
    Question(
        "Average departure delay when it rained",
        "SELECT avg(dep_delay) FROM flights f WHERE EXISTS (SELECT FROM weather w WHERE"
        " w.origin = f.origin AND w.time_hour = f.time_hour AND w.precip > 0)",
        "**30.93**",
        False,
    ),
    Question(
        "How many flights to Los Angeles last month?",
        "SELECT count(*) FROM flights WHERE dest = 'LAX' AND month = 11",
        "**1,336**",
        False,
    ),
]
