-- Keys and indexes, made when the rows are in: that is several times faster.

ALTER TABLE region ADD PRIMARY KEY (region_id);
ALTER TABLE territories ADD PRIMARY KEY (territory_id);
ALTER TABLE categories ADD PRIMARY KEY (category_id);
ALTER TABLE suppliers ADD PRIMARY KEY (supplier_id);
ALTER TABLE products ADD PRIMARY KEY (product_id);
ALTER TABLE customers ADD PRIMARY KEY (customer_id);
ALTER TABLE employees ADD PRIMARY KEY (employee_id);
ALTER TABLE employee_territories ADD PRIMARY KEY (employee_id, territory_id);
ALTER TABLE shippers ADD PRIMARY KEY (shipper_id);
ALTER TABLE orders ADD PRIMARY KEY (order_id);
ALTER TABLE order_details ADD PRIMARY KEY (order_id, product_id);

ALTER TABLE territories ADD FOREIGN KEY (region_id) REFERENCES region;
ALTER TABLE products ADD FOREIGN KEY (supplier_id) REFERENCES suppliers;
ALTER TABLE products ADD FOREIGN KEY (category_id) REFERENCES categories;
ALTER TABLE employees ADD FOREIGN KEY (reports_to) REFERENCES employees;
ALTER TABLE employee_territories ADD FOREIGN KEY (employee_id) REFERENCES employees;
ALTER TABLE employee_territories ADD FOREIGN KEY (territory_id) REFERENCES territories;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE orders ADD FOREIGN KEY (employee_id) REFERENCES employees;
ALTER TABLE orders ADD FOREIGN KEY (ship_via) REFERENCES shippers;
ALTER TABLE order_details ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE order_details ADD FOREIGN KEY (product_id) REFERENCES products;

CREATE INDEX orders_order_date ON orders (order_date);
CREATE INDEX orders_customer_id ON orders (customer_id, order_date);
CREATE INDEX orders_employee_id ON orders (employee_id);
CREATE INDEX orders_ship_via ON orders (ship_via);
CREATE INDEX orders_not_shipped ON orders (required_date) WHERE shipped_date IS NULL;
CREATE INDEX order_details_product_id ON order_details (product_id);
CREATE INDEX products_category_id ON products (category_id);
CREATE INDEX products_supplier_id ON products (supplier_id);
