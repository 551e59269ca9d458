--liquibase formatted sql

--changeset shop:1
CREATE TABLE orders (id INT PRIMARY KEY, item VARCHAR(40) NOT NULL);

--changeset shop:2
INSERT INTO orders VALUES (1, 'pen');
