-- The tables behind the corpus. A comment "hidden" marks what the catalog does not list.
CREATE TABLE public.customers (
    id int PRIMARY KEY, name text, country text, city text,
    email text -- hidden
);
CREATE TABLE public.employees (
    id int PRIMARY KEY, name text, manager_id int, hired_on date,
    salary numeric -- hidden
);
CREATE TABLE public.products (
    id int PRIMARY KEY, name text, category text, price numeric, stock int, discontinued boolean,
    cost numeric -- hidden
);
CREATE TABLE public.orders (
    id int PRIMARY KEY, customer_id int, employee_id int, status text, ordered_on date,
    shipped_at timestamptz, total numeric, note text, tags text[], details jsonb,
    margin numeric, -- hidden
    name text -- hidden, and called like a listed column of other tables
);
CREATE TABLE public.order_lines (
    order_id int, product_id int, quantity int, unit_price numeric, discount double precision,
    price numeric -- hidden
);
CREATE TABLE public."Region" ("Id" int, "Name" text, "order" int);
CREATE SCHEMA sales;
CREATE TABLE sales.events (id int, user_id int, kind text, at timestamptz, payload jsonb);
CREATE TABLE public.secrets (id int, secret text); -- hidden
CREATE TABLE public."Orders" (id int, secret text); -- hidden
CREATE SCHEMA audit;
CREATE TABLE audit.orders (id int, secret text); -- hidden
INSERT INTO customers SELECT g, 'Customer ' || g, (ARRAY['Germany','France','Spain'])[g % 3 + 1],
    'City ' || g % 5, 'private' || g FROM generate_series(1, 20) g;
INSERT INTO employees SELECT g, 'Employee ' || g, nullif(g / 2, 0), '2020-01-01'::date + g, g
    FROM generate_series(1, 9) g;
INSERT INTO products SELECT g, 'Product ' || g, 'Category ' || g % 4, g * 1.5, g % 7, g % 5 = 0, g
    FROM generate_series(1, 20) g;
INSERT INTO orders SELECT g, g % 20 + 1, g % 9 + 1, (ARRAY['open','shipped','late'])[g % 3 + 1],
    '2024-01-01'::date + g, '2024-01-03'::timestamptz + g * interval '1 day', g * 10.5,
    'note ' || g, ARRAY['t' || g % 3, 'x'], jsonb_build_object('a', g, 'b', jsonb_build_array(g)),
    g, 'private' FROM generate_series(1, 60) g;
INSERT INTO order_lines SELECT g % 60 + 1, g % 20 + 1, g % 5 + 1, g % 11 + 0.5, 0.1, g
    FROM generate_series(1, 200) g;
INSERT INTO "Region" VALUES (1, 'North', 2), (2, 'South', 1);
INSERT INTO sales.events SELECT g, g % 4, (ARRAY['view','buy'])[g % 2 + 1],
    '2024-02-01'::timestamptz + g * interval '1 hour', jsonb_build_object('n', g)
    FROM generate_series(1, 50) g;
INSERT INTO secrets VALUES (1, 'SECRET');
INSERT INTO "Orders" VALUES (1, 'SECRET');
INSERT INTO audit.orders VALUES (1, 'SECRET');
ANALYZE;
