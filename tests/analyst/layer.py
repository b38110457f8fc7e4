"""A small layer over the demo's tables, so that questions are tested without a database."""

import datetime as dt

from atlas.semantic.layer import SemanticLayer

TODAY = dt.date(2026, 11, 22)


def _dimension(name: str, sql: str = "", **rest: object) -> dict[str, object]:
    return {"name": name, "sql": sql or name, **rest}


CUSTOMERS = {
    "name": "customers",
    "table": "customers",
    "label": "Customers",
    "synonyms": ["client", "buyer", "account"],
    "primary_key": "customer_id",
    "grain": "one customer",
    "label_column": "company_name",
    "list_columns": ["company_name", "contact_name", "city", "country"],
    "default_measure": "orders.order_count",
    "dimensions": [
        _dimension("company_name", type="text", label="Customer", values="from_db",
                   synonyms=["customer name", "company"]),
        _dimension("contact_name", type="text", label="Contact", synonyms=["contact person"]),
        _dimension("city", label="Customer city", synonyms=["city", "town"], values="from_db",
                   priority=1),
        _dimension("country", label="Customer country", synonyms=["country", "nation"],
                   values="from_db", priority=2,
                   value_synonyms={
                       "Germany": ["german"], "France": ["french"],
                       "UK": ["united kingdom", "british", "britain"],
                       "USA": ["united states", "american", "us"], "Brazil": ["brazilian"],
                   }),
    ],
}  # fmt: skip

ORDERS = {
    "name": "orders",
    "table": "orders",
    "label": "Orders",
    "synonyms": ["purchase"],
    "verbs": ["order", "buy", "purchase", "place"],
    "primary_key": "order_id",
    "grain": "one order",
    "default_time": "order_date",
    "default_measure": "order_count",
    "label_column": "order_id",
    "list_columns": ["order_id", "customers.company_name", "order_date", "shipped_date"],
    "dimensions": [
        _dimension("order_id", type="id", label="Order"),
        _dimension("order_date", type="date", label="Order date", synonyms=["ordered"]),
        _dimension("shipped_date", type="date", label="Shipped date", synonyms=["ship date"]),
        _dimension("is_late", "shipped_date > required_date", type="boolean", label="Late",
                   phrases={"true": ["late", "overdue", "delayed"], "false": ["on time"]}),
        _dimension("is_shipped", "shipped_date IS NOT NULL", type="boolean", label="Shipped",
                   phrases={"true": ["shipped"],
                            "false": ["unshipped", "not yet shipped", "open"]}),
        _dimension("freight", type="number", label="Freight", format="money"),
        _dimension("ship_country", label="Ship country", synonyms=["destination"],
                   values="from_db"),
    ],
    "measures": [
        {"name": "order_count", "agg": "count", "format": "integer", "label": "Number of orders",
         "synonyms": ["orders", "order volume"], "verbs": ["order", "place"]},
        {"name": "late_orders", "agg": "count", "filter": "shipped_date > required_date",
         "format": "integer", "label": "Late orders"},
        {"name": "freight_cost", "sql": "freight", "agg": "sum", "format": "money",
         "label": "Freight cost", "synonyms": ["freight", "shipping cost"]},
        {"name": "days_to_ship", "sql": "shipped_date - order_date", "agg": "avg",
         "format": "days", "label": "Days to ship", "additive": False,
         "synonyms": ["shipping time", "time to ship", "delivery time"]},
    ],
    "joins": [
        {"to": "customers", "keys": {"customer_id": "customer_id"}},
        {"to": "employees", "keys": {"employee_id": "employee_id"}},
        {"to": "shippers", "keys": {"ship_via": "shipper_id"}},
    ],
}  # fmt: skip

LINES = {
    "name": "order_lines",
    "table": "order_details",
    "label": "Order lines",
    "synonyms": ["order details", "line item"],
    "primary_key": ["order_id", "product_id"],
    "grain": "one product in one order",
    "default_time": "orders.order_date",
    "dimensions": [
        _dimension("quantity", type="number", label="Quantity", hidden=True),
        _dimension("discount", type="number", label="Discount", format="percent"),
        _dimension("is_discounted", "discount > 0", type="boolean", label="Discounted",
                   phrases={"true": ["discounted", "with discount"],
                            "false": ["without discount", "undiscounted", "full price"]}),
    ],
    "measures": [
        {"name": "revenue", "sql": "unit_price * quantity * (1 - discount)", "agg": "sum",
         "format": "money", "label": "Revenue", "family": "sales",
         "synonyms": ["sales", "turnover", "income", "earnings"],
         "verbs": ["spend", "earn", "sell", "bring in", "make", "generate"],
         "description": "Price times quantity, less the discount."},
        {"name": "units_sold", "sql": "quantity", "agg": "sum", "format": "integer",
         "label": "Units sold", "synonyms": ["quantity", "units", "quantity sold"]},
        {"name": "average_discount", "sql": "discount", "agg": "avg", "format": "percent",
         "label": "Average discount", "additive": False},
    ],
    "joins": [
        {"to": "orders", "keys": {"order_id": "order_id"}},
        {"to": "products", "keys": {"product_id": "product_id"}},
    ],
}  # fmt: skip

PRODUCTS = {
    "name": "products",
    "table": "products",
    "label": "Products",
    "synonyms": ["item", "article"],
    "primary_key": "product_id",
    "grain": "one product",
    "snapshot": True,
    "label_column": "product_name",
    "list_columns": ["product_name", "categories.category_name", "unit_price", "units_in_stock"],
    "default_measure": "order_lines.revenue",
    "dimensions": [
        _dimension("product_name", type="text", label="Product", values="from_db"),
        _dimension("unit_price", type="number", label="Unit price", format="money",
                   synonyms=["price", "list price"]),
        _dimension("units_in_stock", type="number", label="Units in stock", format="integer",
                   synonyms=["in stock", "stock"]),
        _dimension("reorder_level", type="number", label="Reorder level", format="integer"),
        _dimension("is_discontinued", "discontinued", type="boolean", label="Discontinued",
                   phrases={"true": ["discontinued"], "false": ["active", "current"]}),
        _dimension("below_reorder", "units_in_stock < reorder_level", type="boolean",
                   label="Below reorder level",
                   phrases={"true": ["below reorder level", "low on stock", "to reorder"],
                            "false": ["well stocked"]}),
        _dimension("out_of_stock", "units_in_stock = 0", type="boolean", label="Out of stock",
                   phrases={"true": ["out of stock", "sold out"], "false": ["available"]}),
    ],
    "measures": [
        {"name": "average_price", "sql": "unit_price", "agg": "avg", "format": "money",
         "label": "Average price", "additive": False},
        {"name": "stock_value", "sql": "unit_price * units_in_stock", "agg": "sum",
         "format": "money", "label": "Stock value", "synonyms": ["inventory value"]},
        {"name": "stock", "sql": "units_in_stock", "agg": "sum", "format": "integer",
         "label": "Stock level", "synonyms": ["inventory", "stock"]},
    ],
    "joins": [
        {"to": "categories", "keys": {"category_id": "category_id"}},
        {"to": "suppliers", "keys": {"supplier_id": "supplier_id"}},
    ],
}  # fmt: skip

CATEGORIES = {
    "name": "categories",
    "table": "categories",
    "label": "Categories",
    "primary_key": "category_id",
    "label_column": "category_name",
    "dimensions": [
        _dimension(
            "category_name", label="Category", synonyms=["product category"], values="from_db"
        ),
    ],
}

SUPPLIERS = {
    "name": "suppliers",
    "table": "suppliers",
    "label": "Suppliers",
    "synonyms": ["vendor"],
    "primary_key": "supplier_id",
    "label_column": "company_name",
    "list_columns": ["company_name", "city", "country"],
    "dimensions": [
        _dimension("company_name", type="text", label="Supplier", values="from_db"),
        _dimension("city", label="Supplier city", values="from_db"),
        _dimension(
            "country",
            label="Supplier country",
            values="from_db",
            value_synonyms={"Germany": ["german"], "France": ["french"]},
        ),
    ],
}

EMPLOYEES = {
    "name": "employees",
    "table": "employees",
    "label": "Employees",
    "synonyms": ["sales rep", "salesperson", "seller", "staff member"],
    "primary_key": "employee_id",
    "label_column": "full_name",
    "default_time": "hire_date",
    "default_measure": "order_lines.revenue",
    "list_columns": ["full_name", "title", "hire_date"],
    "dimensions": [
        _dimension(
            "full_name",
            "first_name || ' ' || last_name",
            type="text",
            label="Employee",
            values="from_db",
        ),
        _dimension("title", label="Title", values="from_db", synonyms=["job title"]),
        _dimension("hire_date", type="date", label="Hire date", synonyms=["hired"]),
    ],
}

SHIPPERS = {
    "name": "shippers",
    "table": "shippers",
    "label": "Shippers",
    "synonyms": ["carrier", "shipping company"],
    "primary_key": "shipper_id",
    "label_column": "company_name",
    "default_measure": "orders.order_count",
    "dimensions": [_dimension("company_name", label="Shipper", values="from_db")],
}

COUNTRIES = ("Argentina", "Austria", "Brazil", "Canada", "France", "Germany", "Mexico", "Spain",
             "UK", "USA")  # fmt: skip

VALUES = {
    "customers.company_name": ("Alfreds Futterkiste", "Around the Horn", "Ernst Handel",
                               "QUICK-Stop", "Save-a-lot Markets", "The Big Cheese"),
    "customers.city": ("Berlin", "London", "Paris", "Madrid", "Graz"),
    "customers.country": COUNTRIES,
    "orders.ship_country": COUNTRIES,
    "suppliers.country": ("Australia", "France", "Germany", "Japan", "UK", "USA"),
    "suppliers.city": ("London", "Tokyo", "Berlin"),
    "suppliers.company_name": ("Exotic Liquids", "Tokyo Traders", "Pavlova, Ltd."),
    "categories.category_name": ("Beverages", "Condiments", "Confections", "Dairy Products",
                                 "Grains/Cereals", "Meat/Poultry", "Produce", "Seafood"),
    "products.product_name": ("Chai", "Chang", "Aniseed Syrup", "Ikura", "Tofu", "Konbu",
                              "Côte de Blaye", "Chef Anton's Gumbo Mix", "Geitost"),
    "employees.full_name": ("Nancy Davolio", "Andrew Fuller", "Janet Leverling"),
    "employees.title": ("Sales Representative", "Sales Manager", "Inside Sales Coordinator"),
    "shippers.company_name": ("Speedy Express", "United Package", "Federal Shipping"),
}  # fmt: skip

LAYER = SemanticLayer.model_validate({
    "entities": [CUSTOMERS, ORDERS, LINES, PRODUCTS, CATEGORIES, SUPPLIERS, EMPLOYEES, SHIPPERS],
    "metrics": [
        {"name": "average_order_value", "label": "Average order value",
         "synonyms": ["aov", "basket size"], "format": "money",
         "numerator": "order_lines.revenue", "denominator": "orders.order_count"},
        {"name": "late_rate", "label": "Late rate", "synonyms": ["share of late orders"],
         "format": "percent", "numerator": "orders.late_orders",
         "denominator": "orders.order_count"},
    ],
    "glossary": [
        {"term": "volume", "status": "ambiguous", "definition": "Orders or units?",
         "options": [{"label": "Units sold", "phrase": "units sold"},
                     {"label": "Number of orders", "phrase": "number of orders"}]},
        {"term": "profit", "status": "unsupported", "synonyms": ["margin", "profitability"],
         "reason": "The data holds no costs, so profit cannot be computed."},
        {"term": "churn", "status": "unsupported", "synonyms": ["churned"],
         "reason": "Nothing in the data says that a customer left."},
        {"term": "bestseller", "status": "defined", "phrase": "top products by units sold",
         "definition": "The products sold most, by units."},
    ],
    "adjectives": [
        {"word": "cheapest", "by": "products.unit_price", "direction": "asc", "entity": "products"},
        {"word": "expensive", "synonyms": ["priciest"], "by": "products.unit_price",
         "entity": "products"},
        {"word": "slowest", "by": "orders.days_to_ship"},
        {"word": "fastest", "by": "orders.days_to_ship", "direction": "asc"},
    ],
    "examples": [
        {"question": "What was our revenue by month this year?",
         "query": {"measures": ["order_lines.revenue"], "grain": "month",
                   "time": {"relative": "this_year"}}},
        {"question": "Top 5 products by revenue last quarter",
         "query": {"measures": ["order_lines.revenue"], "group_by": ["products"],
                   "time": {"relative": "last_quarter"}, "limit": 5,
                   "order": {"by": "order_lines.revenue"}}},
        {"question": "How many orders were late, by shipper?",
         "query": {"measures": ["orders.order_count"], "group_by": ["shippers"],
                   "filters": [{"dimension": "orders.is_late", "values": [True]}]}},
    ],
    "values": VALUES,
    "as_of": TODAY,
})  # fmt: skip
