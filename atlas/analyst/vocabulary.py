"""The closed word lists of the grammar."""

UNITS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}
ADVERBS = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
    "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
            "4th": 4}  # fmt: skip
STEPS = {
    "mom": "month", "qoq": "quarter", "yoy": "year", "wow": "week",
    "month over month": "month", "quarter over quarter": "quarter", "year over year": "year",
    "week over week": "week", "month on month": "month", "year on year": "year",
}  # fmt: skip

COUNT = ("how many", "total number of", "the number of", "number of", "count of", "count",
         "how often")  # fmt: skip
AMOUNT = ("how much", "what amount of", "amount of", "value of", "the amount of")
DISTINCT = ("different", "distinct", "unique")
BY = (
    "broken down by", "split by", "grouped by", "group by", "distributed by", "breakdown by",
    "break down by", "distributed across", "separated by", "for each", "for every", "in each",
    "in every", "of each", "by each", "across all", "across", "by", "per", "each", "every",
)  # fmt: skip
NEGATION = ("except for", "other than", "apart from", "but not", "with no", "excluding", "exclude",
            "except", "without", "outside", "never", "not", "non", "no")  # fmt: skip
COMPARE = ("compared with", "compared to", "in comparison to", "in comparison with", "compare",
           "comparison of", "comparison", "versus", "vs", "against", "than")  # fmt: skip
GROWTH = ("growth rate", "rate of growth", "growth", "grow", "grew", "grown", "growing",
          "increase", "increased", "decrease", "decreased", "change", "changed", "decline",
          "declined")  # fmt: skip
MOVES = ("go", "goes", "going", "gone", "went", "is", "are", "was", "were", "been", "did", "has")
WAYS = ("up", "down")
# With one of these before them the two tell of no change: "made up of", "broken down by".
NO_MOVES = ("broken", "break", "split", "made", "make", "makes", "come", "comes", "came", "look",
            "looks", "put", "stand", "stood", "took", "take", "taken")  # fmt: skip
CHANGES = frozenset(GROWTH) - {"growth rate", "rate of growth"}
SHARE = (
    "what percentage of", "what percent of", "what share of", "what proportion of",
    "what fraction of", "percentage of", "percent of", "share of", "proportion of",
    "fraction of", "as a percentage of", "as a percentage", "as percentage", "as a share",
    "percentage", "percent", "share", "proportion",
)  # fmt: skip
AVERAGE = ("on average", "average", "avg", "mean")
TOTAL = ("in total", "grand total of", "total", "sum of", "sum", "overall", "altogether")
TREND = ("over time", "develop", "developed", "evolve", "evolved", "trends", "trend",
         "development of", "evolution of", "timeline of",
         "timeline")  # fmt: skip
LIST = ("list", "show", "display", "which", "what", "who", "whose", "give", "find", "tell",
        "names of", "see", "view", "get", "fetch")  # fmt: skip
DESC = ("highest", "most", "biggest", "largest", "greatest", "longest", "maximum", "max", "top")
ASC = ("lowest", "least", "fewest", "smallest", "shortest", "minimum", "min", "bottom")
VAGUE = {
    "best": "desc", "worst": "asc", "popular": "desc", "good": "desc", "bad": "asc",
    "active": "desc", "important": "desc", "valuable": "desc", "successful": "desc",
    "strong": "desc", "stronger": "desc", "strongest": "desc", "weak": "asc", "weakest": "asc",
    "big": "desc", "large": "desc", "small": "asc", "performing": "desc", "profitable": "desc",
    "loyal": "desc", "key": "desc", "favorite": "desc", "favourite": "desc", "better": "desc",
    "interesting": "desc", "perform": "desc", "performance": "desc", "performs": "desc",
    "poorly": "asc", "well": "desc",
}  # fmt: skip
MORE = ("more than", "greater than", "higher than", "larger than", "bigger than", "over", "above",
        "exceeding", "exceeds", "exceed", ">")  # fmt: skip
AT_LEAST = ("at least", "no less than", "not less than", "no fewer than", "minimum of", ">=")
LESS = ("less than", "fewer than", "lower than", "smaller than", "under", "below", "<")
AT_MOST = ("at most", "no more than", "not more than", "up to", "maximum of", "<=")
COSTS = ("cost", "costs", "costing", "priced")
EXACTLY = ("exactly", "equal to", "equals")

STOP = frozenset(
    """
    a an the this that these those of in on at for to from with within into and or our my your
    their his her its we us you i me they he she it is are was were be been being do does did has
    have had will would can could should may might please there here as so then also any all some
    about such only just what which who when where how many much s whose by per during through via
    out up over more most if by times time both ever now currently current today's still yet
    already kindly
    want need like know tell me let see hi hello hey thanks thank give show data database figure
    figures number numbers value values total overall according based respective respectively
    each every , ; & + period case row rows record records result results kind answer question
    but come comes came coming back made them ones one same far made
    """.split()  # noqa: SIM905 - a block of words is read more easily than a list of quoted ones
)
LIGHT = frozenset(
    """
    pay paid take took handle handled contribute contributed get got receive received generate
    generated see saw look looks looking like happen happened look compute calculate given
    account accounted belong belongs live lives located based sit reside come came go went
    register registered place placed put
    record recorded serve served make made run ran achieve achieved reach
    reached deliver delivered exist exists hold held carry carried offer offered stand stood
    rank ranked ranking sort sorted order ordered display contain containing include including
    broken down detail details breakdown split chart graph plot table draw visualise visualize
    summary summarize summarise overview work works use used
    supply supplies supplied provide provides provided doing going
    """.split()  # noqa: SIM905 - a block of words is read more easily than a list of quoted ones
)
LEAD = ("and what about", "what about", "how about", "and", "only", "just", "now", "instead",
        "but", "also", "same", "the same", "ok", "okay", "then", "without", "excluding",
        "break that down", "break it down", "split that", "split it", "make that",
        "make it")  # fmt: skip

EARLIER = {
    "the same month last year": "year", "same month last year": "year",
    "the same quarter last year": "year", "same quarter last year": "year",
    "the same period last year": "year", "same period last year": "year",
    "the same week last year": "year", "same week last year": "year",
    "a year earlier": "year", "one year earlier": "year", "the year before": "year",
    "year before": "year", "a year ago": "year", "the quarter before": "quarter",
    "quarter before": "quarter", "the month before": "month", "month before": "month",
    "a month earlier": "month", "the week before": "week", "week before": "week",
    "the previous period": None, "previous period": None, "the prior period": None,
    "prior period": None, "the period before": None, "period before": None,
    "the preceding period": None,
}  # fmt: skip
