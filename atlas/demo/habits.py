"""How the invented company trades: who buys how much, what sells when, who ships late."""

# Share of all orders, relative to a usual customer (1.0). Two customers never order.
CUSTOMER_WEIGHTS: dict[str, float] = {
    "QUICK": 9.0,
    "SAVEA": 8.6,
    "ERNSH": 8.2,
    "HUNGO": 4.6,
    "FRANK": 4.4,
    "RATTC": 4.2,
    "LEHMS": 3.6,
    "KOENE": 3.4,
    "FOLKO": 3.2,
    "BERGS": 3.1,
    "HILAA": 2.9,
    "BONAP": 2.8,
    "WHITC": 2.7,
    "SUPRD": 2.6,
    "HANAR": 2.5,
    "QUEEN": 2.3,
    "PICCO": 2.2,
    "MEREP": 2.1,
    "GREAL": 2.0,
    "LINOD": 1.9,
    "VAFFE": 1.9,
    "LILAS": 1.8,
    "RICSU": 1.8,
    "BLONP": 1.7,
    "OTTIK": 1.6,
    "SIMOB": 1.5,
    "WARTH": 1.5,
    "TORTU": 1.4,
    "WANDK": 1.4,
    "CENTC": 0.15,
    "LAZYK": 0.2,
    "GROSR": 0.25,
    "BOLID": 0.3,
    "FRANR": 0.3,
    "LAUGB": 0.3,
    "THECR": 0.35,
    "BLAUS": 0.5,
    "MORGK": 0.5,
    "FISSA": 0.0,
    "PARIS": 0.0,
}

# These stopped ordering: the share of the time covered after which nothing comes any more.
CUSTOMERS_LOST: dict[str, float] = {
    "CENTC": 0.35,
    "MEREP": 0.86,
    "LAZYK": 0.55,
    "BLAUS": 0.80,
    "CONSH": 0.70,
    "VINET": 0.75,
}

EMPLOYEE_WEIGHTS = {1: 123, 2: 96, 3: 127, 4: 156, 5: 42, 6: 67, 7: 72, 8: 104, 9: 43}

# Share of orders, chance of a late delivery, usual shortest and longest days to ship.
SHIPPER_WEIGHTS = {1: 30, 2: 40, 3: 30}
LATE_CHANCE = {1: 0.028, 2: 0.094, 3: 0.055}
DAYS_TO_SHIP = {1: (2, 8), 2: (4, 14), 3: (3, 11)}
STUCK_CHANCE = 0.0025

PRODUCT_WEIGHTS = {
    59: 2.6, 31: 2.4, 60: 2.4, 24: 1.6, 56: 2.3, 62: 2.1, 16: 2.0, 2: 1.9, 41: 1.9, 75: 1.8,
    13: 1.7, 71: 1.7, 40: 1.7, 11: 1.6, 70: 1.6, 72: 1.6, 17: 1.5, 29: 1.4, 38: 1.1, 18: 1.2,
    1: 1.7, 21: 1.6, 51: 1.6, 28: 1.4, 26: 1.3, 53: 1.3, 64: 1.2, 20: 0.8, 9: 0.25, 15: 0.3,
    37: 0.3, 48: 0.3, 67: 0.45, 66: 0.4, 50: 0.5, 61: 1.1, 27: 0.5, 45: 0.6, 22: 0.6, 63: 0.7,
}  # fmt: skip

# January to December.
ORDER_SEASON = (0.92, 0.90, 1.00, 0.98, 0.97, 0.95, 0.88, 0.86, 1.02, 1.08, 1.18, 1.26)
CATEGORY_SEASON: dict[int, tuple[float, ...]] = {
    1: (0.85, 0.85, 0.90, 1.00, 1.10, 1.30, 1.40, 1.35, 1.05, 0.95, 0.90, 1.00),
    3: (0.95, 1.20, 1.10, 1.00, 0.90, 0.80, 0.75, 0.80, 0.95, 1.05, 1.35, 1.70),
    6: (0.90, 0.90, 0.95, 1.00, 1.15, 1.25, 1.25, 1.15, 1.00, 0.95, 0.95, 1.05),
    7: (0.90, 0.90, 1.00, 1.05, 1.10, 1.15, 1.15, 1.15, 1.15, 1.05, 0.90, 0.85),
}

# Monday to Sunday.
WEEKDAYS = (1.00, 1.05, 1.08, 1.04, 1.00, 0.32, 0.22)

# Number of lines on an order, and quantity on a line, with their weights.
LINES = {1: 20, 2: 32, 3: 25, 4: 13, 5: 6, 6: 4}
QUANTITIES = {
    2: 3, 3: 3, 4: 4, 5: 6, 6: 7, 8: 5, 10: 11, 12: 8, 14: 3, 15: 9, 16: 3, 18: 4, 20: 13,
    21: 3, 24: 4, 25: 5, 28: 3, 30: 10, 35: 4, 36: 2, 40: 5, 42: 1, 45: 1, 50: 3, 60: 3, 70: 1,
}  # fmt: skip

# Discount in percent with its weight: for usual customers, and for those of weight 2 and more.
DISCOUNTS = {0: 66, 5: 11, 10: 9, 15: 7, 20: 5, 25: 2}
DISCOUNTS_FOR_LARGE = {0: 48, 5: 13, 10: 12, 15: 11, 20: 9, 25: 7}
LARGE_CUSTOMER = 2.0

# Freight in cents for one unit, by destination.
FREIGHT = {
    "USA": 96, "Canada": 104, "Mexico": 110, "UK": 118, "Germany": 122, "France": 120,
    "Austria": 135, "Brazil": 142, "Venezuela": 138, "Argentina": 150, "Ireland": 140,
}  # fmt: skip
FREIGHT_ELSEWHERE = 128
