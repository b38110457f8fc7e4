-- The tables of the Northwind sample in snake case, with exact money. Keys follow after the load.

CREATE TABLE region (
    region_id smallint NOT NULL,
    region_description text NOT NULL
);

CREATE TABLE territories (
    territory_id text NOT NULL,
    territory_description text NOT NULL,
    region_id smallint NOT NULL
);

CREATE TABLE categories (
    category_id smallint NOT NULL,
    category_name text NOT NULL,
    description text
);

CREATE TABLE suppliers (
    supplier_id smallint NOT NULL,
    company_name text NOT NULL,
    contact_name text,
    contact_title text,
    address text,
    city text,
    region text,
    postal_code text,
    country text,
    phone text
);

CREATE TABLE products (
    product_id smallint NOT NULL,
    product_name text NOT NULL,
    supplier_id smallint NOT NULL,
    category_id smallint NOT NULL,
    quantity_per_unit text,
    unit_price numeric(10, 2) NOT NULL CHECK (unit_price >= 0),
    units_in_stock integer NOT NULL,
    units_on_order integer NOT NULL,
    reorder_level integer NOT NULL,
    discontinued boolean NOT NULL
);

CREATE TABLE customers (
    customer_id text NOT NULL,
    company_name text NOT NULL,
    contact_name text,
    contact_title text,
    address text,
    city text,
    region text,
    postal_code text,
    country text,
    phone text
);

CREATE TABLE employees (
    employee_id smallint NOT NULL,
    last_name text NOT NULL,
    first_name text NOT NULL,
    title text,
    title_of_courtesy text,
    birth_date date,
    hire_date date,
    address text,
    city text,
    region text,
    postal_code text,
    country text,
    home_phone text,
    extension text,
    reports_to smallint
);

CREATE TABLE employee_territories (
    employee_id smallint NOT NULL,
    territory_id text NOT NULL
);

CREATE TABLE shippers (
    shipper_id smallint NOT NULL,
    company_name text NOT NULL,
    phone text
);

CREATE TABLE orders (
    order_id integer NOT NULL,
    customer_id text NOT NULL,
    employee_id smallint NOT NULL,
    order_date date NOT NULL,
    required_date date NOT NULL,
    shipped_date date,
    ship_via smallint NOT NULL,
    freight numeric(10, 2) NOT NULL,
    ship_name text,
    ship_address text,
    ship_city text,
    ship_region text,
    ship_postal_code text,
    ship_country text
);

CREATE TABLE order_details (
    order_id integer NOT NULL,
    product_id smallint NOT NULL,
    unit_price numeric(10, 2) NOT NULL CHECK (unit_price >= 0),
    quantity integer NOT NULL CHECK (quantity > 0),
    discount numeric(3, 2) NOT NULL CHECK (discount BETWEEN 0 AND 1)
);

-- How these rows were made. The reader may not see it: it is no business table.
CREATE TABLE demo_info (
    as_of date NOT NULL,
    seed bigint NOT NULL,
    scale numeric NOT NULL,
    fingerprint text NOT NULL
);
