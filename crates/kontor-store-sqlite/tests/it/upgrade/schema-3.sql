-- A database of schema 3 as the program of that time left it. Two suppliers have one token, change 2
-- names the kind identifiers only, as a change of many rows did.
PRAGMA application_id = 1265593972;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'foundation','2026-11-27T23:43:14.631134047Z','8297710875275344560');
INSERT INTO refinery_schema_history VALUES(2,'receivers_closed_for_a_while','2026-11-27T23:43:14.631183309Z','3409392517808239827');
INSERT INTO refinery_schema_history VALUES(3,'contacts_by_number','2026-11-27T23:43:14.631189872Z','14985106786636837794');
CREATE TABLE supplier (
    supplier_id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier TEXT NOT NULL,
    name TEXT,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    strategy TEXT,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier)
) STRICT;
INSERT INTO supplier VALUES(1,'demo42','Demo Supplies','Asia/Jerusalem','ILS','first',1);
INSERT INTO supplier VALUES(2,'wcs-mini','Demo Minimal','Asia/Jerusalem','USD','first',2);
INSERT INTO supplier VALUES(3,'salix',NULL,'UTC','EUR','first',6);
CREATE TABLE supplier_history (
    supplier_id INTEGER NOT NULL,
    supplier TEXT,
    name TEXT,
    time_zone TEXT,
    currency TEXT,
    strategy TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE counters (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    counter TEXT NOT NULL,
    next INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, counter)
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES(1,'lead_contact_number',8301644,1);
INSERT INTO counters VALUES(1,'lead_number',17410391,1);
INSERT INTO counters VALUES(1,'price_list_number',5545,1);
INSERT INTO counters VALUES(2,'price_list_number',701,2);
CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    mpn TEXT,
    gtin TEXT,
    name TEXT,
    state TEXT,
    base_uom TEXT NOT NULL,
    quantity_step INTEGER,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier_id, sku)
) STRICT;
INSERT INTO products VALUES(1,1,'11045680','11.04.5680','7611990131310','כבל HDMI 2 מ''','active','C62',1000000,1);
INSERT INTO products VALUES(2,1,'11045682','11.04.5682','7611990131327','כבל HDMI 5 מ''','active','C62',1000000,1);
INSERT INTO products VALUES(3,1,'21991234','RL-HUB/4&P','7611990991235','רכזת USB 4 יציאות','active','C62',1000000,1);
INSERT INTO products VALUES(4,1,'11040001','11.04.0001','7611990000012','כבל ישן','end_of_life','C62',1000000,1);
INSERT INTO products VALUES(5,1,'31000001','TWIN','4000000000006','תאום א','active','C62',1000000,1);
INSERT INTO products VALUES(6,1,'31000002','TWIN','4000000000006','תאום ב','active','C62',1000000,1);
INSERT INTO products VALUES(7,1,'40000905','B-905',NULL,'לחם אחיד','active','KGM',1000,1);
INSERT INTO products VALUES(8,1,'40008386','B-8386',NULL,'לחם בלקן','active','C62',1000000,1);
INSERT INTO products VALUES(9,2,'11724','WCL004_041404',NULL,'Garden chair','active','C62',1000000,2);
INSERT INTO products VALUES(10,2,'2135','A2135',NULL,'Gear A2135','active','C62',1000000,2);
INSERT INTO products VALUES(11,2,'4135','A4135',NULL,NULL,'active','MTR',1000,2);
INSERT INTO products VALUES(12,2,'9001','DR-CHRS-0001-0001',NULL,NULL,'active','C62',1000000,2);
INSERT INTO products VALUES(13,2,'9002','VIS M6,30/ÄÖ',NULL,NULL,'active','C62',1000000,2);
INSERT INTO products VALUES(14,2,'9003','NOPRICE-1',NULL,NULL,'active','C62',1000000,2);
INSERT INTO products VALUES(15,3,'W1',NULL,NULL,NULL,'active','C62',1000000,6);
INSERT INTO products VALUES(16,3,'W2',NULL,NULL,NULL,'active','KGM',1000000,6);
CREATE TABLE products_history (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    mpn TEXT,
    gtin TEXT,
    name TEXT,
    state TEXT,
    base_uom TEXT,
    quantity_step INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE conversions (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    uom TEXT NOT NULL,
    factor INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku, uom),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO conversions VALUES(1,'11045682','CT',12000000,1);
INSERT INTO conversions VALUES(1,'40000905','GRM',1000,1);
INSERT INTO conversions VALUES(2,'2135','DZN',12000000,2);
CREATE TABLE conversions_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    uom TEXT,
    factor INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE packings (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    packing TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    gtin TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku, packing, quantity),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO packings VALUES(1,'11040001','UN',1000000,'7611990000012',1);
INSERT INTO packings VALUES(1,'11045680','UN',1000000,'7611990131310',1);
INSERT INTO packings VALUES(1,'11045682','CX',12000000,'17611990131324',1);
INSERT INTO packings VALUES(1,'11045682','UN',1000000,'7611990131327',1);
INSERT INTO packings VALUES(1,'21991234','UN',1000000,'7611990991235',1);
INSERT INTO packings VALUES(1,'31000001','UN',1000000,'4000000000006',1);
INSERT INTO packings VALUES(1,'31000002','UN',1000000,'4000000000006',1);
INSERT INTO packings VALUES(1,'40000905','KG',500000,NULL,1);
INSERT INTO packings VALUES(1,'40000905','KG',1000000,NULL,1);
CREATE TABLE packings_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    packing TEXT,
    quantity INTEGER,
    gtin TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE availability (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    next_arrival TEXT,
    as_of INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO availability VALUES(1,'11040001',4000000,NULL,NULL,1);
INSERT INTO availability VALUES(1,'11045680',23000000,NULL,NULL,1);
INSERT INTO availability VALUES(1,'11045682',0,'2016-02-10',NULL,1);
INSERT INTO availability VALUES(1,'21991234',150000000,NULL,NULL,1);
INSERT INTO availability VALUES(1,'31000001',7000000,NULL,NULL,1);
INSERT INTO availability VALUES(1,'31000002',9000000,NULL,NULL,1);
INSERT INTO availability VALUES(1,'40000905',0,NULL,NULL,1);
INSERT INTO availability VALUES(1,'40008386',40000000,NULL,NULL,1);
INSERT INTO availability VALUES(2,'11724',5000000,NULL,NULL,2);
INSERT INTO availability VALUES(2,'2135',40000000,NULL,NULL,2);
INSERT INTO availability VALUES(2,'4135',12750000,NULL,NULL,2);
INSERT INTO availability VALUES(2,'9001',-3000000,NULL,NULL,2);
INSERT INTO availability VALUES(2,'9002',0,'2016-01-20',NULL,2);
INSERT INTO availability VALUES(2,'9003',0,NULL,NULL,2);
CREATE TABLE availability_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    quantity INTEGER,
    next_arrival TEXT,
    as_of INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE payment_terms (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    payment_term TEXT NOT NULL,
    name TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, payment_term)
) STRICT, WITHOUT ROWID;
INSERT INTO payment_terms VALUES(1,'1','A VISTA',1);
INSERT INTO payment_terms VALUES(1,'10','28/35/42 DIAS',1);
INSERT INTO payment_terms VALUES(1,'2','30 DIAS',1);
CREATE TABLE payment_terms_history (
    supplier_id INTEGER NOT NULL,
    payment_term TEXT,
    name TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE price_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    price_list TEXT NOT NULL,
    number INTEGER,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier_id, price_list)
) STRICT;
INSERT INTO price_lists VALUES(1,1,'EUR-A',NULL,NULL,'EUR',NULL,1);
INSERT INTO price_lists VALUES(2,1,'CHF-B',NULL,NULL,'CHF',NULL,1);
INSERT INTO price_lists VALUES(3,1,'EUR-S',NULL,NULL,'EUR',NULL,1);
INSERT INTO price_lists VALUES(4,1,'BR-1-1',NULL,NULL,'BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(5,1,'BR-1-2',NULL,NULL,'BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(6,1,'BR-2-1',NULL,NULL,'BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(7,1,'BR-3-3',NULL,NULL,'BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(8,1,'BR-4-1',NULL,NULL,'BRL','America/Manaus',1);
INSERT INTO price_lists VALUES(9,1,'BR-1-1-001',NULL,'ATACADO','BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(10,1,'BR-1-1-002',NULL,'VAREJO','BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(11,1,'BR-1-2-002',NULL,'VAREJO','BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(12,1,'BR-3-3-001',NULL,'ATACADO','BRL','America/Sao_Paulo',1);
INSERT INTO price_lists VALUES(13,1,'BR-4-1-A1',NULL,'PROMOÇÃO & CIA','BRL','America/Manaus',1);
INSERT INTO price_lists VALUES(14,1,'BR-4-1-a1',NULL,'minúscula','BRL','America/Manaus',1);
INSERT INTO price_lists VALUES(15,1,'LIST-123',123,'שם מחירון','ILS',NULL,1);
INSERT INTO price_lists VALUES(16,1,'LIST-4515',4515,'בתי קפה','ILS',NULL,1);
INSERT INTO price_lists VALUES(17,1,'LIST-5544',5544,'מסעדות','ILS',NULL,1);
INSERT INTO price_lists VALUES(18,2,'10001',NULL,NULL,NULL,NULL,2);
INSERT INTO price_lists VALUES(19,2,'43221',NULL,NULL,'USD',NULL,2);
INSERT INTO price_lists VALUES(20,2,'24331',NULL,NULL,'USD',NULL,2);
INSERT INTO price_lists VALUES(21,2,'55555',NULL,NULL,'USD',NULL,2);
INSERT INTO price_lists VALUES(22,2,'LIST-700',700,'Base','USD',NULL,2);
INSERT INTO price_lists VALUES(23,3,'L',9,NULL,NULL,NULL,6);
CREATE TABLE price_lists_history (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    price_list TEXT,
    number INTEGER,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    name TEXT,
    state TEXT,
    currency TEXT,
    branch_number INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO customers VALUES(1,'123','מסעדת הים','active',NULL,2,1);
INSERT INTO customers VALUES(1,'123456',NULL,'active','EUR',NULL,1);
INSERT INTO customers VALUES(1,'23101','מפעל אוריאל','active',NULL,3,1);
INSERT INTO customers VALUES(1,'556781','קפה נמרוד','active',NULL,1,1);
INSERT INTO customers VALUES(1,'654321',NULL,'active','CHF',NULL,1);
INSERT INTO customers VALUES(1,'777777',NULL,'disabled','EUR',NULL,1);
INSERT INTO customers VALUES(2,'123','Bistro One','active',NULL,1,2);
INSERT INTO customers VALUES(2,'200001',NULL,'active','USD',NULL,2);
INSERT INTO customers VALUES(2,'ACME',NULL,'active',NULL,NULL,2);
INSERT INTO customers VALUES(2,'BETA',NULL,'active',NULL,NULL,2);
CREATE TABLE customers_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    name TEXT,
    state TEXT,
    currency TEXT,
    branch_number INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE contacts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer, number),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO contacts VALUES(1,'23101',72,'אוריאל לוי',1);
INSERT INTO contacts VALUES(1,'23101',73,'דנה לוי',1);
INSERT INTO contacts VALUES(1,'556781',71,'נמרוד כהן',1);
CREATE TABLE contacts_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    number INTEGER,
    name TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE entitlements (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    price_list TEXT NOT NULL,
    position INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer, price_list),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;
INSERT INTO entitlements VALUES(1,'123','LIST-123',0,5);
INSERT INTO entitlements VALUES(1,'123','LIST-5544',1,1);
INSERT INTO entitlements VALUES(1,'123456','EUR-A',1,1);
INSERT INTO entitlements VALUES(1,'23101','LIST-5544',1,1);
INSERT INTO entitlements VALUES(1,'556781','LIST-4515',1,1);
INSERT INTO entitlements VALUES(1,'654321','CHF-B',1,1);
INSERT INTO entitlements VALUES(1,'777777','EUR-A',1,1);
INSERT INTO entitlements VALUES(2,'123','LIST-700',1,2);
INSERT INTO entitlements VALUES(2,'200001','10001',1,2);
CREATE TABLE entitlements_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    price_list TEXT,
    position INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE identifiers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    customer TEXT,
    since_change INTEGER NOT NULL,
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT;
INSERT INTO identifiers VALUES(1,'11045680','product_number','10001',NULL,1);
INSERT INTO identifiers VALUES(1,'11045680','sequence_number','5680',NULL,1);
INSERT INTO identifiers VALUES(1,'11045680','item_number','435',NULL,1);
INSERT INTO identifiers VALUES(1,'11045680','catalogue_number','100106',NULL,1);
INSERT INTO identifiers VALUES(1,'11045682','product_number','10002',NULL,1);
INSERT INTO identifiers VALUES(1,'11045682','sequence_number','5682',NULL,1);
INSERT INTO identifiers VALUES(1,'11045682','item_number','436',NULL,1);
INSERT INTO identifiers VALUES(1,'11045682','catalogue_number','0101',NULL,1);
INSERT INTO identifiers VALUES(1,'21991234','product_number','10003',NULL,1);
INSERT INTO identifiers VALUES(1,'21991234','sequence_number','1234',NULL,1);
INSERT INTO identifiers VALUES(1,'21991234','item_number','437',NULL,1);
INSERT INTO identifiers VALUES(1,'21991234','catalogue_number','100105',NULL,1);
INSERT INTO identifiers VALUES(1,'11040001','product_number','10004',NULL,1);
INSERT INTO identifiers VALUES(1,'11040001','sequence_number','1',NULL,1);
INSERT INTO identifiers VALUES(1,'11040001','item_number','440',NULL,1);
INSERT INTO identifiers VALUES(1,'11040001','catalogue_number','999999',NULL,1);
INSERT INTO identifiers VALUES(1,'31000001','product_number','10005',NULL,1);
INSERT INTO identifiers VALUES(1,'31000001','sequence_number','3101',NULL,1);
INSERT INTO identifiers VALUES(1,'31000001','item_number','441',NULL,1);
INSERT INTO identifiers VALUES(1,'31000001','catalogue_number','TW1',NULL,1);
INSERT INTO identifiers VALUES(1,'31000002','product_number','10006',NULL,1);
INSERT INTO identifiers VALUES(1,'31000002','sequence_number','3102',NULL,1);
INSERT INTO identifiers VALUES(1,'31000002','item_number','442',NULL,1);
INSERT INTO identifiers VALUES(1,'31000002','catalogue_number','TW2',NULL,1);
INSERT INTO identifiers VALUES(1,'40000905','product_number','10007',NULL,1);
INSERT INTO identifiers VALUES(1,'40000905','sequence_number','905',NULL,1);
INSERT INTO identifiers VALUES(1,'40000905','item_number','905',NULL,1);
INSERT INTO identifiers VALUES(1,'40000905','catalogue_number','לחמא00905',NULL,1);
INSERT INTO identifiers VALUES(1,'40008386','product_number','10008',NULL,1);
INSERT INTO identifiers VALUES(1,'40008386','sequence_number','8386',NULL,1);
INSERT INTO identifiers VALUES(1,'40008386','item_number','8386',NULL,1);
INSERT INTO identifiers VALUES(1,'40008386','catalogue_number','הבלקן8386',NULL,1);
INSERT INTO identifiers VALUES(1,'11045680','customer_sku','MY-CABLE','123456',1);
INSERT INTO identifiers VALUES(1,'21991234','customer_sku','0815','123456',1);
INSERT INTO identifiers VALUES(1,'21991234','customer_sku','11045682','654321',1);
INSERT INTO identifiers VALUES(2,'11724','product_number','11724',NULL,2);
INSERT INTO identifiers VALUES(2,'11724','item_number','436',NULL,2);
INSERT INTO identifiers VALUES(2,'11724','catalogue_number','0101',NULL,2);
INSERT INTO identifiers VALUES(2,'2135','product_number','2135',NULL,2);
INSERT INTO identifiers VALUES(2,'2135','item_number','435',NULL,2);
INSERT INTO identifiers VALUES(2,'2135','catalogue_number','A2135',NULL,2);
INSERT INTO identifiers VALUES(2,'4135','product_number','4135',NULL,2);
INSERT INTO identifiers VALUES(2,'9001','product_number','9001',NULL,2);
INSERT INTO identifiers VALUES(2,'9002','product_number','9002',NULL,2);
INSERT INTO identifiers VALUES(2,'9003','product_number','9003',NULL,2);
INSERT INTO identifiers VALUES(2,'2135','customer_sku','2135','200001',2);
INSERT INTO identifiers VALUES(2,'11724','customer_sku','CHAIR','200001',2);
CREATE TABLE identifiers_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    scheme TEXT,
    value TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE contracts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    valid_from INTEGER,
    valid_to INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract)
) STRICT, WITHOUT ROWID;
INSERT INTO contracts VALUES(1,'20001',NULL,NULL,1);
INSERT INTO contracts VALUES(1,'20002',NULL,NULL,1);
INSERT INTO contracts VALUES(1,'20003',1451602800000000,1483225200000000,1);
INSERT INTO contracts VALUES(2,'10001',NULL,NULL,2);
INSERT INTO contracts VALUES(2,'24331',1451606400000000,NULL,2);
INSERT INTO contracts VALUES(2,'43221',1451606400000000,1483228800000000,2);
INSERT INTO contracts VALUES(2,'55555',NULL,NULL,2);
INSERT INTO contracts VALUES(2,'66666',NULL,1451606400000000,2);
CREATE TABLE contracts_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    valid_from INTEGER,
    valid_to INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE contract_lists (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    price_list TEXT NOT NULL,
    position INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract, price_list),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;
INSERT INTO contract_lists VALUES(1,'20001','EUR-A',1,1);
INSERT INTO contract_lists VALUES(1,'20002','CHF-B',1,1);
INSERT INTO contract_lists VALUES(1,'20003','EUR-S',1,1);
INSERT INTO contract_lists VALUES(2,'10001','10001',1,2);
INSERT INTO contract_lists VALUES(2,'24331','24331',1,2);
INSERT INTO contract_lists VALUES(2,'43221','43221',1,2);
INSERT INTO contract_lists VALUES(2,'55555','55555',1,2);
CREATE TABLE contract_lists_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    price_list TEXT,
    position INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE contract_customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    customer TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract, customer),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO contract_customers VALUES(1,'20002','654321',1);
INSERT INTO contract_customers VALUES(1,'20003','123456',1);
INSERT INTO contract_customers VALUES(2,'24331','ACME',2);
INSERT INTO contract_customers VALUES(2,'43221','ACME',2);
INSERT INTO contract_customers VALUES(2,'55555','BETA',2);
INSERT INTO contract_customers VALUES(2,'66666','ACME',2);
CREATE TABLE contract_customers_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE stores (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    currency TEXT NOT NULL,
    contract TEXT NOT NULL,
    uom TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    guests INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract)
) STRICT, WITHOUT ROWID;
INSERT INTO stores VALUES(1,'10201','EUR','20001','C62','Europe/Berlin',1,1);
INSERT INTO stores VALUES(2,'10101','USD','10001','C62','UTC',1,2);
INSERT INTO stores VALUES(2,'10102','EUR','10001','C62','America/New_York',1,2);
CREATE TABLE stores_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    currency TEXT,
    contract TEXT,
    uom TEXT,
    time_zone TEXT,
    guests INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE store_currencies (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    currency TEXT NOT NULL,
    decimals INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store, currency),
    FOREIGN KEY (supplier_id, store) REFERENCES stores (supplier_id, store)
) STRICT, WITHOUT ROWID;
INSERT INTO store_currencies VALUES(1,'10201','CHF',2,1);
INSERT INTO store_currencies VALUES(1,'10201','EUR',2,1);
INSERT INTO store_currencies VALUES(2,'10101','DKK',2,2);
INSERT INTO store_currencies VALUES(2,'10101','EUR',2,2);
INSERT INTO store_currencies VALUES(2,'10101','JPY',0,2);
INSERT INTO store_currencies VALUES(2,'10101','USD',2,2);
INSERT INTO store_currencies VALUES(2,'10102','EUR',2,2);
INSERT INTO store_currencies VALUES(2,'10102','USD',2,2);
CREATE TABLE store_currencies_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    currency TEXT,
    decimals INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE store_customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    customer TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store, customer),
    FOREIGN KEY (supplier_id, store) REFERENCES stores (supplier_id, store),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO store_customers VALUES(1,'10201','123456',1);
INSERT INTO store_customers VALUES(1,'10201','654321',1);
INSERT INTO store_customers VALUES(1,'10201','777777',1);
INSERT INTO store_customers VALUES(2,'10101','ACME',2);
INSERT INTO store_customers VALUES(2,'10101','BETA',2);
INSERT INTO store_customers VALUES(2,'10102','ACME',2);
CREATE TABLE store_customers_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE selling_entities (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    tax_id TEXT,
    name TEXT,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    main_segment INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity)
) STRICT, WITHOUT ROWID;
INSERT INTO selling_entities VALUES(1,1,'12345678000195',NULL,'BRL','America/Sao_Paulo',1,1);
INSERT INTO selling_entities VALUES(1,2,'98765432000198',NULL,'BRL','America/Sao_Paulo',1,1);
INSERT INTO selling_entities VALUES(1,3,'12ABC34501DE35',NULL,'BRL','America/Sao_Paulo',3,1);
INSERT INTO selling_entities VALUES(1,4,'11222333000181',NULL,'BRL','America/Manaus',1,1);
CREATE TABLE selling_entities_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    tax_id TEXT,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    main_segment INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE segments (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    price_list TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity, segment),
    FOREIGN KEY (supplier_id, entity) REFERENCES selling_entities (supplier_id, entity),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;
INSERT INTO segments VALUES(1,1,1,'BR-1-1',1);
INSERT INTO segments VALUES(1,1,2,'BR-1-2',1);
INSERT INTO segments VALUES(1,2,1,'BR-2-1',1);
INSERT INTO segments VALUES(1,3,3,'BR-3-3',1);
INSERT INTO segments VALUES(1,4,1,'BR-4-1',1);
CREATE TABLE segments_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    segment INTEGER,
    price_list TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE sales_tables (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    price_list TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity, segment, number),
    FOREIGN KEY (supplier_id, entity, segment) REFERENCES segments (supplier_id, entity, segment),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;
INSERT INTO sales_tables VALUES(1,1,1,'001','ATACADO','BR-1-1-001',1);
INSERT INTO sales_tables VALUES(1,1,1,'002','VAREJO','BR-1-1-002',1);
INSERT INTO sales_tables VALUES(1,1,2,'002','VAREJO','BR-1-2-002',1);
INSERT INTO sales_tables VALUES(1,3,3,'001','ATACADO','BR-3-3-001',1);
INSERT INTO sales_tables VALUES(1,4,1,'A1','PROMOÇÃO & CIA','BR-4-1-A1',1);
INSERT INTO sales_tables VALUES(1,4,1,'a1','minúscula','BR-4-1-a1',1);
CREATE TABLE sales_tables_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    segment INTEGER,
    number TEXT,
    name TEXT,
    price_list TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE accounts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    protocol TEXT NOT NULL,
    login TEXT NOT NULL,
    realm TEXT,
    number INTEGER,
    name TEXT,
    customer TEXT,
    state TEXT,
    password TEXT,
    token TEXT,
    previous_token TEXT,
    previous_until INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, protocol, login),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO accounts VALUES(1,'consinco','integra','demo',1,'INTEGRA',NULL,'active','$argon2id$v=19$m=19456,t=2,p=1$zTBCWfDJ0heQSRuHKwF8Qg$vl9/84w/yZmD5j6HtAKSNPre8xd116aPM+abZ9KuBu8','sha256:91c90aece85cfe894513a502dcbdebe1455b9fe3de8e535fe3ac1051a37fbcf2',NULL,NULL,1);
INSERT INTO accounts VALUES(1,'restigo','restigo-demo42',NULL,NULL,NULL,NULL,'active',NULL,'sha256:a8a91d90edc490ababcb4abfa492de9aac8392fac63d7875b3d479339d4228a6',NULL,NULL,1);
INSERT INTO accounts VALUES(1,'secomp','_RQ123456',NULL,NULL,NULL,'123456','active','$argon2id$v=19$m=19456,t=2,p=1$L18bi5yDCOn3E5suG6IVJA$9NGy+9Pe8rzc2IQBj0tv5H71LybLolzO8nfBn5hcjLU',NULL,NULL,NULL,1);
INSERT INTO accounts VALUES(1,'secomp','_RQ654321',NULL,NULL,NULL,'654321','active','$argon2id$v=19$m=19456,t=2,p=1$3oxoM0765bOGEDQxoiluyg$Adkm8YAcQ5J8v7ASvCEA5BoyZM/q/quYWM1fn+rz8q0',NULL,NULL,NULL,1);
INSERT INTO accounts VALUES(1,'secomp','_RQ777777',NULL,NULL,NULL,'777777','active','$argon2id$v=19$m=19456,t=2,p=1$xxmaokq51M+dVZz/v51CRA$tkdylbJKSwOQfYMdgYRQVhih7wNp44qXyi4rp5NC1is',NULL,NULL,NULL,1);
INSERT INTO accounts VALUES(1,'websphere','buyer123456',NULL,8001,NULL,'123456','active','$argon2id$v=19$m=19456,t=2,p=1$3COMRpRo7RHCe//gO31Z0A$j91nxLyRntWIkI0A7wEJ7uzvm4mXJ2uZi55MZgdxNxY','sha256:aab0563e15f74be0da7b2629c3da53b02202a743c024e2571951c385d028db75',NULL,NULL,1);
INSERT INTO accounts VALUES(1,'websphere','buyer654321',NULL,8002,NULL,'654321','active','$argon2id$v=19$m=19456,t=2,p=1$epxM4yvmL8d+zGPX42CgDw$4wXZPi7MZPfdLc5Fkl0AgMqqExMRYUk0wlV7M3aYiz0','sha256:f57f8f730a8ecc04fca5738e137ab1a0b9866afc92fc6a2c0ee2dd9f3e21df6f',NULL,NULL,1);
INSERT INTO accounts VALUES(1,'websphere','buyer777777',NULL,8003,NULL,'777777','active','$argon2id$v=19$m=19456,t=2,p=1$BXLKDjk3mTntQhcfEcs0nQ$tTObbYTId0Vl6wbYSjMzUeWxdhXGc4NMedFF5Ti0nb8','sha256:b8de67835454bf2d4cb94c76994309b89a245e71e543dfeadb2a267ef6d17ef1',NULL,NULL,1);
INSERT INTO accounts VALUES(2,'restigo','restigo-wcs-mini',NULL,NULL,NULL,NULL,'active',NULL,'sha256:734c96c8d7a408b3cbe2be11d2a49f083f8490087db4d71c259da1ece9667476',NULL,NULL,2);
INSERT INTO accounts VALUES(2,'secomp','_RQ200001',NULL,NULL,NULL,'200001','active','$argon2id$v=19$m=19456,t=2,p=1$N9fpqCxCW2oRfIvg/2m6jg$NRZ8V0PQO3e6sJUaZPowfITa/UGrXr4cCn802MTJZjQ',NULL,NULL,NULL,2);
INSERT INTO accounts VALUES(2,'websphere','acme.buyer',NULL,7001,NULL,'ACME','active','$argon2id$v=19$m=19456,t=2,p=1$SWaN/jTedao172AxEX7Fig$7m88Gokjej0Xcyf9pVEh6+wOLEhx8hHaHqngSVg6XMM','sha256:a3cbdfb1eb52a3f1f3b4b6eb5b88f2c2dd1d8fea7f8974fce20b14121c6b6c3a',NULL,NULL,2);
INSERT INTO accounts VALUES(2,'websphere','beta.buyer',NULL,7002,NULL,'BETA','active','$argon2id$v=19$m=19456,t=2,p=1$xzW9QCnKUdbx52gDB2iSdQ$zF2JomdBZoiP5o9ac3QuriU/2luEmVGbovUV6Iz8fI8','sha256:cf12274ba8c3bb8adc82d6d3be3781b4efea31bf68a17c89ec2347c7dd231517',NULL,NULL,2);
INSERT INTO accounts VALUES(3,'restigo','desk-salix',NULL,NULL,NULL,NULL,'active',NULL,'sha256:a8a91d90edc490ababcb4abfa492de9aac8392fac63d7875b3d479339d4228a6',NULL,NULL,6);
CREATE TABLE accounts_history (
    supplier_id INTEGER NOT NULL,
    protocol TEXT,
    login TEXT,
    realm TEXT,
    number INTEGER,
    name TEXT,
    customer TEXT,
    state TEXT,
    password TEXT,
    token TEXT,
    previous_token TEXT,
    previous_until INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE categories (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    category TEXT NOT NULL,
    name TEXT,
    state TEXT,
    language TEXT,
    questions TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, category)
) STRICT, WITHOUT ROWID;
INSERT INTO categories VALUES(1,'1463',NULL,'active','fr',replace('[\n  {"id": "30148", "label": "Nombre de salariés / Visiteurs", "mandatory": true, "kind": "single", "options": [\n    {"id": "25638", "label": "1 - 4"},\n    {"id": "25639", "label": "5 - 9"},\n    {"id": "25640", "label": "10 - 19"},\n    {"id": "25641", "label": "20 - 49"},\n    {"id": "25642", "label": "50 et plus"}\n  ]},\n  {"id": "25533", "label": "Code postal :", "mandatory": true, "kind": "text", "pattern": "/^[0-9]{5}$/", "reports_as": "zip_code"},\n  {"id": "email", "label": "Votre email professionnel", "mandatory": true, "kind": "text", "pattern": "/^[_a-z0-9-]+(\\.[_a-z0-9-]+)*@[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.[a-z]{2,63})$/i", "reports_as": "email"},\n  {"id": "phone", "label": "Téléphone", "mandatory": true, "kind": "text", "pattern": "/^(\\+33|0033|\\+262|00262|\\+590|00590|\\+594|00594|\\+596|00596|0)[\\.\\- ]?[0-9]([\\.\\- ]?[0-9]{2}){4}$/", "reports_as": "phone"},\n  {"id": "companyName", "label": "Nom de la société", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/", "reports_as": "company_name"},\n  {"id": "segment", "label": "Quelle est votre forme juridique ?", "mandatory": true, "kind": "single", "options": [\n    {"id": "1", "label": "Société créée (SASU, SARL, etc.)"},\n    {"id": "CREA", "label": "Société en cours d''immatriculation"},\n    {"id": "PROJ", "label": "Projet de création"},\n    {"id": "3", "label": "Un Commerçant ou un Artisan"},\n    {"id": "4", "label": "Association"},\n    {"id": "2", "label": "Administration et collectivités"},\n    {"id": "AUTO", "label": "Auto entrepreneur"}\n  ]},\n  {"id": "firstname", "label": "Prénom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "first_name"},\n  {"id": "lastname", "label": "Nom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "last_name"},\n  {"id": "address", "label": "address", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "comment", "label": "Commentaire", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "siret", "label": "SIRET", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{14}$/"},\n  {"id": "naf", "label": "Code NAF", "mandatory": false, "kind": "text", "pattern": "/^(\\d){2}[.]?(\\d){2}[a-zA-Z]{1}$/"},\n  {"id": "employees", "label": "Effectif de votre société", "mandatory": false, "kind": "text", "pattern": "/^[\\d]+$/"},\n  {"id": "city", "label": "Ville", "mandatory": false, "kind": "text", "pattern": "/^(.*)$/"}\n]\n','\n',char(10)),1);
INSERT INTO categories VALUES(1,'1500',NULL,'active','fr',replace('[\n  {"id": "28637", "label": "Type de machine (invented)", "mandatory": true, "kind": "multiple", "options": [\n    {"id": "901", "label": "Machine à grains"},\n    {"id": "902", "label": "Machine à capsules"},\n    {"id": "903", "label": "Distributeur"}\n  ]},\n  {"id": "27458", "label": "Achat ou location (invented)", "mandatory": true, "kind": "single", "options": [\n    {"id": "911", "label": "Achat"},\n    {"id": "912", "label": "Location"}\n  ]},\n  {"id": "27672", "label": "Précisions (invented)", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "25533", "label": "Code postal :", "mandatory": true, "kind": "text", "pattern": "/^[0-9]{5}$/", "reports_as": "zip_code"},\n  {"id": "email", "label": "Votre email professionnel", "mandatory": true, "kind": "text", "pattern": "/^[_a-z0-9-]+(\\.[_a-z0-9-]+)*@[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.[a-z]{2,63})$/i", "reports_as": "email"},\n  {"id": "phone", "label": "Téléphone", "mandatory": true, "kind": "text", "pattern": "/^(\\+33|0033|\\+262|00262|\\+590|00590|\\+594|00594|\\+596|00596|0)[\\.\\- ]?[0-9]([\\.\\- ]?[0-9]{2}){4}$/", "reports_as": "phone"},\n  {"id": "companyName", "label": "Nom de la société", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/", "reports_as": "company_name"},\n  {"id": "segment", "label": "Quelle est votre forme juridique ?", "mandatory": true, "kind": "single", "options": [\n    {"id": "1", "label": "Société créée (SASU, SARL, etc.)"},\n    {"id": "CREA", "label": "Société en cours d''immatriculation"},\n    {"id": "PROJ", "label": "Projet de création"},\n    {"id": "3", "label": "Un Commerçant ou un Artisan"},\n    {"id": "4", "label": "Association"},\n    {"id": "2", "label": "Administration et collectivités"},\n    {"id": "AUTO", "label": "Auto entrepreneur"}\n  ]},\n  {"id": "firstname", "label": "Prénom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "first_name"},\n  {"id": "lastname", "label": "Nom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "last_name"},\n  {"id": "address", "label": "address", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "comment", "label": "Commentaire", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "siret", "label": "SIRET", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{14}$/"},\n  {"id": "naf", "label": "Code NAF", "mandatory": false, "kind": "text", "pattern": "/^(\\d){2}[.]?(\\d){2}[a-zA-Z]{1}$/"},\n  {"id": "employees", "label": "Effectif de votre société", "mandatory": false, "kind": "text", "pattern": "/^[\\d]+$/"},\n  {"id": "city", "label": "Ville", "mandatory": false, "kind": "text", "pattern": "/^(.*)$/"}\n]\n','\n',char(10)),1);
INSERT INTO categories VALUES(1,'1600',NULL,'disabled','fr',replace('[\n  {"id": "email", "label": "Votre email professionnel", "mandatory": true, "kind": "text", "pattern": "/^[_a-z0-9-]+(\\.[_a-z0-9-]+)*@[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.[a-z]{2,63})$/i", "reports_as": "email"},\n  {"id": "phone", "label": "Téléphone", "mandatory": true, "kind": "text", "pattern": "/^(\\+33|0033|\\+262|00262|\\+590|00590|\\+594|00594|\\+596|00596|0)[\\.\\- ]?[0-9]([\\.\\- ]?[0-9]{2}){4}$/", "reports_as": "phone"},\n  {"id": "companyName", "label": "Nom de la société", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/", "reports_as": "company_name"},\n  {"id": "segment", "label": "Quelle est votre forme juridique ?", "mandatory": true, "kind": "single", "options": [\n    {"id": "1", "label": "Société créée (SASU, SARL, etc.)"},\n    {"id": "CREA", "label": "Société en cours d''immatriculation"},\n    {"id": "PROJ", "label": "Projet de création"},\n    {"id": "3", "label": "Un Commerçant ou un Artisan"},\n    {"id": "4", "label": "Association"},\n    {"id": "2", "label": "Administration et collectivités"},\n    {"id": "AUTO", "label": "Auto entrepreneur"}\n  ]},\n  {"id": "firstname", "label": "Prénom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "first_name"},\n  {"id": "lastname", "label": "Nom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "last_name"},\n  {"id": "address", "label": "address", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "comment", "label": "Commentaire", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "siret", "label": "SIRET", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{14}$/"},\n  {"id": "naf", "label": "Code NAF", "mandatory": false, "kind": "text", "pattern": "/^(\\d){2}[.]?(\\d){2}[a-zA-Z]{1}$/"},\n  {"id": "employees", "label": "Effectif de votre société", "mandatory": false, "kind": "text", "pattern": "/^[\\d]+$/"},\n  {"id": "city", "label": "Ville", "mandatory": false, "kind": "text", "pattern": "/^(.*)$/"}\n]\n','\n',char(10)),1);
INSERT INTO categories VALUES(1,'1701',NULL,'active',NULL,NULL,1);
INSERT INTO categories VALUES(1,'1702',NULL,'active','en',replace('[\n  {"id": "email", "label": "Votre email professionnel", "mandatory": true, "kind": "text", "pattern": "/^[_a-z0-9-]+(\\.[_a-z0-9-]+)*@[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.[a-z]{2,63})$/i", "reports_as": "email"},\n  {"id": "phone", "label": "Téléphone", "mandatory": true, "kind": "text", "pattern": "/^(\\+33|0033|\\+262|00262|\\+590|00590|\\+594|00594|\\+596|00596|0)[\\.\\- ]?[0-9]([\\.\\- ]?[0-9]{2}){4}$/", "reports_as": "phone"},\n  {"id": "companyName", "label": "Nom de la société", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/", "reports_as": "company_name"},\n  {"id": "segment", "label": "Quelle est votre forme juridique ?", "mandatory": true, "kind": "single", "options": [\n    {"id": "1", "label": "Société créée (SASU, SARL, etc.)"},\n    {"id": "CREA", "label": "Société en cours d''immatriculation"},\n    {"id": "PROJ", "label": "Projet de création"},\n    {"id": "3", "label": "Un Commerçant ou un Artisan"},\n    {"id": "4", "label": "Association"},\n    {"id": "2", "label": "Administration et collectivités"},\n    {"id": "AUTO", "label": "Auto entrepreneur"}\n  ]},\n  {"id": "firstname", "label": "Prénom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "first_name"},\n  {"id": "lastname", "label": "Nom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "last_name"},\n  {"id": "address", "label": "address", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "comment", "label": "Commentaire", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "siret", "label": "SIRET", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{14}$/"},\n  {"id": "naf", "label": "Code NAF", "mandatory": false, "kind": "text", "pattern": "/^(\\d){2}[.]?(\\d){2}[a-zA-Z]{1}$/"},\n  {"id": "employees", "label": "Effectif de votre société", "mandatory": false, "kind": "text", "pattern": "/^[\\d]+$/"},\n  {"id": "city", "label": "Ville", "mandatory": false, "kind": "text", "pattern": "/^(.*)$/"}\n]\n','\n',char(10)),1);
INSERT INTO categories VALUES(1,'7214',NULL,'active','fr',replace('[\n  {"id": "email", "label": "Votre email professionnel", "mandatory": true, "kind": "text", "pattern": "/^[_a-z0-9-]+(\\.[_a-z0-9-]+)*@[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.[a-z]{2,63})$/i", "reports_as": "email"},\n  {"id": "phone", "label": "Téléphone", "mandatory": true, "kind": "text", "pattern": "/^(\\+33|0033|\\+262|00262|\\+590|00590|\\+594|00594|\\+596|00596|0)[\\.\\- ]?[0-9]([\\.\\- ]?[0-9]{2}){4}$/", "reports_as": "phone"},\n  {"id": "companyName", "label": "Nom de la société", "mandatory": true, "kind": "text", "pattern": "/.*\\S.*/", "reports_as": "company_name"},\n  {"id": "segment", "label": "Quelle est votre forme juridique ?", "mandatory": true, "kind": "single", "options": [\n    {"id": "1", "label": "Société créée (SASU, SARL, etc.)"},\n    {"id": "CREA", "label": "Société en cours d''immatriculation"},\n    {"id": "PROJ", "label": "Projet de création"},\n    {"id": "3", "label": "Un Commerçant ou un Artisan"},\n    {"id": "4", "label": "Association"},\n    {"id": "2", "label": "Administration et collectivités"},\n    {"id": "AUTO", "label": "Auto entrepreneur"}\n  ]},\n  {"id": "firstname", "label": "Prénom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "first_name"},\n  {"id": "lastname", "label": "Nom", "mandatory": true, "kind": "text", "pattern": "^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\\-'']+$", "reports_as": "last_name"},\n  {"id": "address", "label": "address", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "comment", "label": "Commentaire", "mandatory": false, "kind": "text", "pattern": "/.*\\S.*/"},\n  {"id": "siret", "label": "SIRET", "mandatory": false, "kind": "text", "pattern": "/^[0-9]{14}$/"},\n  {"id": "naf", "label": "Code NAF", "mandatory": false, "kind": "text", "pattern": "/^(\\d){2}[.]?(\\d){2}[a-zA-Z]{1}$/"},\n  {"id": "employees", "label": "Effectif de votre société", "mandatory": false, "kind": "text", "pattern": "/^[\\d]+$/"},\n  {"id": "city", "label": "Ville", "mandatory": false, "kind": "text", "pattern": "/^(.*)$/"}\n]\n','\n',char(10)),1);
CREATE TABLE categories_history (
    supplier_id INTEGER NOT NULL,
    category TEXT,
    name TEXT,
    state TEXT,
    language TEXT,
    questions TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE partners (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    name TEXT,
    state TEXT,
    language TEXT,
    issuer TEXT,
    secret TEXT,
    previous_secret TEXT,
    previous_until INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner)
) STRICT, WITHOUT ROWID;
INSERT INTO partners VALUES(1,'22',NULL,'active','fr','IjIyX0xQNzVfMTki','kontor-demo-secret-not-for-production',NULL,NULL,1);
INSERT INTO partners VALUES(1,'23',NULL,'disabled','fr','IjIzX09GRl8xIg','kontor-demo-secret-not-for-production',NULL,NULL,1);
INSERT INTO partners VALUES(1,'32',NULL,'active','fr',NULL,'kontor-demo-secret-not-for-production',NULL,NULL,1);
CREATE TABLE partners_history (
    supplier_id INTEGER NOT NULL,
    partner TEXT,
    name TEXT,
    state TEXT,
    language TEXT,
    issuer TEXT,
    secret TEXT,
    previous_secret TEXT,
    previous_until INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE grants (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    category TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner, category),
    FOREIGN KEY (supplier_id, partner) REFERENCES partners (supplier_id, partner),
    FOREIGN KEY (supplier_id, category) REFERENCES categories (supplier_id, category)
) STRICT, WITHOUT ROWID;
INSERT INTO grants VALUES(1,'22','1463',1);
INSERT INTO grants VALUES(1,'22','1500',1);
INSERT INTO grants VALUES(1,'22','1600',1);
INSERT INTO grants VALUES(1,'22','1701',1);
INSERT INTO grants VALUES(1,'22','1702',1);
INSERT INTO grants VALUES(1,'32','1500',1);
INSERT INTO grants VALUES(1,'32','7214',1);
CREATE TABLE grants_history (
    supplier_id INTEGER NOT NULL,
    partner TEXT,
    category TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE leads (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    lead INTEGER NOT NULL,
    category TEXT NOT NULL,
    partner TEXT NOT NULL,
    contact_number INTEGER NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    phone_key TEXT,
    created_at INTEGER NOT NULL,
    answers TEXT,
    questionnaire_version INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, lead),
    FOREIGN KEY (supplier_id, category) REFERENCES categories (supplier_id, category),
    FOREIGN KEY (supplier_id, partner) REFERENCES partners (supplier_id, partner)
) STRICT, WITHOUT ROWID;
INSERT INTO leads VALUES(1,17400001,'1463','22',8301000,'deja.vu@test.fr','01 44 55 66 77','144556677',1452416400000000,NULL,NULL,1);
INSERT INTO leads VALUES(1,17400002,'1463','22',8300900,'ancien@test.fr','01 99 88 77 66','199887766',1448960400000000,NULL,NULL,1);
CREATE TABLE leads_history (
    supplier_id INTEGER NOT NULL,
    lead INTEGER,
    category TEXT,
    partner TEXT,
    contact_number INTEGER,
    email TEXT,
    phone TEXT,
    phone_key TEXT,
    created_at INTEGER,
    answers TEXT,
    questionnaire_version INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE documents (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    customer TEXT NOT NULL,
    issued TEXT NOT NULL,
    value_date TEXT NOT NULL,
    supply_date TEXT NOT NULL,
    supply_time TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, kind, document),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO documents VALUES(1,'despatch_advice','193320','23101','2020-12-07','2020-12-07','2020-12-08',NULL,1);
INSERT INTO documents VALUES(1,'despatch_advice','193401','556781','2016-01-27','2016-01-27','2016-01-28','06:30',1);
INSERT INTO documents VALUES(1,'despatch_advice','193402','556781','2016-01-28','2016-01-31','2016-01-29',NULL,1);
INSERT INTO documents VALUES(1,'despatch_advice','193403','23101','2016-01-28','2016-01-28','2016-01-29',NULL,1);
INSERT INTO documents VALUES(1,'despatch_advice','200001','123','2016-03-25','2016-03-25','2016-03-27','07:00',1);
INSERT INTO documents VALUES(1,'invoice','88001','556781','2016-01-26','2016-01-26','2016-01-27',NULL,1);
INSERT INTO documents VALUES(2,'despatch_advice','5001','123','2016-01-27','2016-01-27','2016-01-28',NULL,2);
CREATE TABLE documents_history (
    supplier_id INTEGER NOT NULL,
    kind TEXT,
    document TEXT,
    customer TEXT,
    issued TEXT,
    value_date TEXT,
    supply_date TEXT,
    supply_time TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE document_lines (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    packages INTEGER NOT NULL,
    units_per_package INTEGER NOT NULL,
    unit_price INTEGER,
    remarks TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, kind, document, position),
    FOREIGN KEY (supplier_id, kind, document) REFERENCES documents (supplier_id, kind, document),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO document_lines VALUES(1,'despatch_advice','193320',1,'40000905',3000000,27000000,10000000,'הערה להזמנה : זאת הזמנה לתת לאוריאל במפעל',1);
INSERT INTO document_lines VALUES(1,'despatch_advice','193320',2,'40008386',1000000,40000000,NULL,'הערה להזמנה : זאת הזמנה לתת לאוריאל במפעל',1);
INSERT INTO document_lines VALUES(1,'despatch_advice','193401',1,'11045680',2000000,12000000,21600000,'A & B <מבצע>',1);
INSERT INTO document_lines VALUES(1,'despatch_advice','193402',1,'11045680',1000000,6000000,32000000,'דחוף',1);
INSERT INTO document_lines VALUES(1,'despatch_advice','193402',2,'11045682',2000000,6000000,55000000,NULL,1);
INSERT INTO document_lines VALUES(1,'despatch_advice','193403',1,'21991234',4000000,10000000,19500000,NULL,1);
INSERT INTO document_lines VALUES(1,'despatch_advice','200001',1,'11045680',10000000,1000000,30000000,NULL,1);
INSERT INTO document_lines VALUES(1,'invoice','88001',1,'11045682',1000000,1000000,55000000,NULL,1);
INSERT INTO document_lines VALUES(2,'despatch_advice','5001',1,'11724',1000000,5000000,3500000,NULL,2);
CREATE TABLE document_lines_history (
    supplier_id INTEGER NOT NULL,
    kind TEXT,
    document TEXT,
    position INTEGER,
    sku TEXT,
    packages INTEGER,
    units_per_package INTEGER,
    unit_price INTEGER,
    remarks TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    digest TEXT NOT NULL,
    protocol TEXT NOT NULL,
    login TEXT,
    kind TEXT NOT NULL,
    expires INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO sessions VALUES(1,'sha256:45368ff5b0fa57ae45acf42577b246b6f9ff4b5ee4050bbdbb2bfef05b1c93e4','websphere','buyer123456','access',1454066668874000,4);
INSERT INTO sessions VALUES(1,'sha256:8b8aa5712398e1b31a5aa5fdd03bd13209b122eb34d5b97cc975fad030777770','websphere',NULL,'access',1454066668874000,3);
INSERT INTO sessions VALUES(1,'sha256:b618bfad3e324135f1daef1118c8a9cbb197c339c99c42ab3b5b4ed8d55c140a','websphere',NULL,'refresh',1454066668874000,3);
INSERT INTO sessions VALUES(1,'sha256:bf3cae684fc7e321870f019b9a6103ba9b383138a549d2097133e038013c25bc','websphere','buyer123456','refresh',1454066668874000,4);
CREATE TABLE submission_keys (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    expires INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    lead INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempted_at INTEGER,
    due INTEGER,
    failure TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, lead)
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_turns (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    due INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, due, lead)
) STRICT, WITHOUT ROWID;
CREATE TABLE price_shape (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uom TEXT,
    packing TEXT,
    packing_quantity INTEGER,
    currency TEXT NOT NULL,
    minimum_quantity INTEGER NOT NULL,
    valid_from INTEGER,
    valid_to INTEGER,
    kind TEXT NOT NULL,
    payment_term TEXT,
    decimals INTEGER NOT NULL
) STRICT;
INSERT INTO price_shape VALUES(1,NULL,NULL,NULL,'EUR',1000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(2,NULL,NULL,NULL,'EUR',10000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(3,NULL,NULL,NULL,'CHF',1000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(4,NULL,NULL,NULL,'EUR',1000000,NULL,1459040400000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(5,NULL,NULL,NULL,'EUR',1000000,1459040400000000,1477789200000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(6,NULL,NULL,NULL,'EUR',1000000,1477789200000000,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(7,NULL,'UN',1000000,'BRL',0,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(8,NULL,'UN',1000000,'BRL',0,1451613600000000,1456110000000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(9,NULL,'UN',1000000,'BRL',0,NULL,NULL,'regular','1',2);
INSERT INTO price_shape VALUES(10,NULL,'UN',1000000,'BRL',0,NULL,NULL,'regular','2',2);
INSERT INTO price_shape VALUES(11,NULL,NULL,NULL,'ILS',0,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(12,NULL,NULL,NULL,'EUR',1000000,NULL,NULL,'regular',NULL,3);
INSERT INTO price_shape VALUES(13,NULL,NULL,NULL,'EUR',5000000,NULL,NULL,'regular',NULL,3);
INSERT INTO price_shape VALUES(14,NULL,NULL,NULL,'EUR',20000000,NULL,NULL,'regular',NULL,3);
INSERT INTO price_shape VALUES(15,NULL,NULL,NULL,'EUR',100000000,NULL,NULL,'regular',NULL,3);
INSERT INTO price_shape VALUES(16,NULL,'CX',12000000,'BRL',0,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(17,NULL,'CX',12000000,'BRL',0,NULL,NULL,'regular','1',2);
INSERT INTO price_shape VALUES(18,NULL,'UN',1000000,'BRL',0,1453687200000000,1456801200000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(19,NULL,'UN',1000000,'BRL',0,1445137200000000,1476669600000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(20,NULL,'UN',1000000,'BRL',0,1453953600000000,1454040000000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(21,NULL,'UN',1000000,'BRL',0,NULL,NULL,'regular','10',2);
INSERT INTO price_shape VALUES(22,NULL,'UN',1000000,'BRL',0,NULL,NULL,'listing',NULL,2);
INSERT INTO price_shape VALUES(23,NULL,'UN',1000000,'BRL',0,1453946400000000,1454032800000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(24,NULL,'UN',1000000,'BRL',0,1454032800000000,1456714800000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(25,NULL,NULL,NULL,'EUR',500000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(26,NULL,NULL,NULL,'EUR',25000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(27,NULL,'KG',1000000,'BRL',0,NULL,NULL,'regular',NULL,3);
INSERT INTO price_shape VALUES(28,NULL,'KG',500000,'BRL',0,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(29,NULL,'KG',500000,'BRL',0,1451613600000000,1453946400000000,'promotion',NULL,2);
INSERT INTO price_shape VALUES(30,NULL,NULL,NULL,'CHF',1000000,1454281200000000,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(31,NULL,NULL,NULL,'USD',1000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(32,NULL,NULL,NULL,'JPY',1000000,NULL,NULL,'regular',NULL,0);
INSERT INTO price_shape VALUES(33,NULL,NULL,NULL,'USD',10000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(34,NULL,NULL,NULL,'USD',100000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(35,NULL,NULL,NULL,'USD',1000000,1451606400000000,1467331200000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(36,NULL,NULL,NULL,'USD',10000000,1451606400000000,1467331200000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(37,NULL,NULL,NULL,'USD',100000000,1451606400000000,1467331200000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(38,NULL,NULL,NULL,'USD',1000000,1467331200000000,1483228800000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(39,NULL,NULL,NULL,'USD',10000000,1467331200000000,1483228800000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(40,NULL,NULL,NULL,'USD',100000000,1467331200000000,1483228800000000,'regular',NULL,2);
INSERT INTO price_shape VALUES(41,NULL,NULL,NULL,'USD',1000000,1451606400000000,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(42,NULL,NULL,NULL,'USD',0,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(43,NULL,NULL,NULL,'USD',500000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(44,NULL,NULL,NULL,'DKK',1000000,NULL,NULL,'regular',NULL,2);
INSERT INTO price_shape VALUES(45,NULL,NULL,NULL,'USD',1000000,NULL,NULL,'regular',NULL,4);
INSERT INTO price_shape VALUES(46,NULL,NULL,NULL,'EUR',0,NULL,NULL,'regular',NULL,2);
CREATE TABLE price (
    product_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    shape_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (product_id, list_id, shape_id)
) STRICT, WITHOUT ROWID;
INSERT INTO price VALUES(1,1,1,8800000,1453980268874000,1);
INSERT INTO price VALUES(1,1,2,7900000,1453980268874000,1);
INSERT INTO price VALUES(1,2,3,9400000,1453980268874000,1);
INSERT INTO price VALUES(1,3,4,8500000,1453980268874000,1);
INSERT INTO price VALUES(1,3,5,8300000,1453980268874000,1);
INSERT INTO price VALUES(1,3,6,8100000,1453980268874000,1);
INSERT INTO price VALUES(1,4,7,49900000,1453255200000000,1);
INSERT INTO price VALUES(1,5,7,52000000,1453255200000000,1);
INSERT INTO price VALUES(1,6,7,51500000,1453255200000000,1);
INSERT INTO price VALUES(1,7,7,50000000,1453255200000000,1);
INSERT INTO price VALUES(1,7,8,60000000,1453255200000000,1);
INSERT INTO price VALUES(1,9,9,47400000,1453255200000000,1);
INSERT INTO price VALUES(1,9,10,49900000,1453255200000000,1);
INSERT INTO price VALUES(1,10,9,49900000,1453255200000000,1);
INSERT INTO price VALUES(1,11,9,52000000,1453255200000000,1);
INSERT INTO price VALUES(1,15,11,112000000,1453980268874000,1);
INSERT INTO price VALUES(1,17,11,30000000,1453980268874000,1);
INSERT INTO price VALUES(2,1,12,12500000,1453980268874000,1);
INSERT INTO price VALUES(2,1,13,11900000,1453980268874000,1);
INSERT INTO price VALUES(2,1,14,10750000,1453980268874000,1);
INSERT INTO price VALUES(2,1,15,9999000,1453980268874000,1);
INSERT INTO price VALUES(2,2,3,13900000,1453980268874000,1);
INSERT INTO price VALUES(2,4,7,69900000,1453860000000000,1);
INSERT INTO price VALUES(2,4,16,790000000,1453860000000000,1);
INSERT INTO price VALUES(2,8,7,1234567890000,1453780799500000,1);
INSERT INTO price VALUES(2,9,9,66500000,1453860000000000,1);
INSERT INTO price VALUES(2,9,17,750000000,1453860000000000,1);
INSERT INTO price VALUES(2,15,11,77000000,1453980268874000,5);
INSERT INTO price VALUES(2,16,11,50000000,1453980268874000,1);
INSERT INTO price VALUES(2,17,11,48000000,1453980268874000,1);
INSERT INTO price VALUES(3,1,1,30000000,1453980268874000,1);
INSERT INTO price VALUES(3,2,3,33250000,1453980268874000,1);
INSERT INTO price VALUES(3,4,7,199900000,1453687200000000,1);
INSERT INTO price VALUES(3,4,18,179900000,1453687200000000,1);
INSERT INTO price VALUES(3,7,7,210000000,1445137200000000,1);
INSERT INTO price VALUES(3,7,19,199000000,1445137200000000,1);
INSERT INTO price VALUES(3,8,7,100000,1453780800000000,1);
INSERT INTO price VALUES(3,8,20,50000,1453780800000000,1);
INSERT INTO price VALUES(3,9,9,189900000,1453687200000000,1);
INSERT INTO price VALUES(3,12,9,205000000,1445137200000000,1);
INSERT INTO price VALUES(3,13,21,70000,1453780800000000,1);
INSERT INTO price VALUES(3,14,22,0,1453780800000000,1);
INSERT INTO price VALUES(3,16,11,20000000,1453980268874000,1);
INSERT INTO price VALUES(3,17,11,19500000,1453980268874000,1);
INSERT INTO price VALUES(4,1,1,4000000,1453980268874000,1);
INSERT INTO price VALUES(4,4,7,9900000,1388541600000000,1);
INSERT INTO price VALUES(5,1,1,5000000,1453980268874000,1);
INSERT INTO price VALUES(5,7,7,5000000,1453946400000000,1);
INSERT INTO price VALUES(5,7,23,4000000,1453946400000000,1);
INSERT INTO price VALUES(6,1,1,6000000,1453980268874000,1);
INSERT INTO price VALUES(6,7,7,6000000,1453946400000000,1);
INSERT INTO price VALUES(6,7,24,5000000,1453946400000000,1);
INSERT INTO price VALUES(7,3,25,2350000,1453980268874000,1);
INSERT INTO price VALUES(7,3,26,2100000,1453980268874000,1);
INSERT INTO price VALUES(7,4,27,12345000,1448935200000000,1);
INSERT INTO price VALUES(7,7,28,11000000,1453946400000000,1);
INSERT INTO price VALUES(7,7,29,9900000,1453946400000000,1);
INSERT INTO price VALUES(8,1,1,2400000,1453980268874000,1);
INSERT INTO price VALUES(8,2,30,2550000,1453980268874000,1);
INSERT INTO price VALUES(9,18,1,55500000,1453980268874000,2);
INSERT INTO price VALUES(9,18,31,60000000,1453980268874000,2);
INSERT INTO price VALUES(9,18,32,9000000000,1453980268874000,2);
INSERT INTO price VALUES(10,18,1,11000000,1453980268874000,2);
INSERT INTO price VALUES(10,18,2,9900000,1453980268874000,2);
INSERT INTO price VALUES(10,18,31,12000000,1453980268874000,2);
INSERT INTO price VALUES(10,18,33,10800000,1453980268874000,2);
INSERT INTO price VALUES(10,18,34,9600000,1453980268874000,2);
INSERT INTO price VALUES(10,19,35,11400000,1453980268874000,2);
INSERT INTO price VALUES(10,19,36,10000000,1453980268874000,2);
INSERT INTO price VALUES(10,19,37,8750000,1453980268874000,2);
INSERT INTO price VALUES(10,19,38,11600000,1453980268874000,2);
INSERT INTO price VALUES(10,19,39,10200000,1453980268874000,2);
INSERT INTO price VALUES(10,19,40,8900000,1453980268874000,2);
INSERT INTO price VALUES(10,20,41,11100000,1453980268874000,2);
INSERT INTO price VALUES(10,21,31,7000000,1453980268874000,2);
INSERT INTO price VALUES(10,22,42,10000000,1453980268874000,2);
INSERT INTO price VALUES(11,18,34,3100000,1453980268874000,2);
INSERT INTO price VALUES(11,18,43,3500000,1453980268874000,2);
INSERT INTO price VALUES(12,18,31,249990000,1453980268874000,2);
INSERT INTO price VALUES(12,18,44,1849000000,1453980268874000,2);
INSERT INTO price VALUES(13,18,45,45000,1453980268874000,2);
INSERT INTO price VALUES(15,23,46,7000000,1422748800000000,7);
CREATE TABLE price_history (
    product_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    shape_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL,
    PRIMARY KEY (product_id, list_id, shape_id, from_change)
) STRICT, WITHOUT ROWID;
INSERT INTO price_history VALUES(2,15,11,159000000,1453980268874000,1,5);
INSERT INTO price_history VALUES(15,23,46,5000000,1420070400000000,6,7);
INSERT INTO price_history VALUES(16,23,46,6500000,1420070400000000,6,8);
CREATE TABLE change (
    number INTEGER PRIMARY KEY,
    supplier_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    digest BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO change VALUES(1,1,1453980268874000,'demo',X'150418e851bbb314f133323124d8d4eb9d180b89df3fbbf819a48813dc586a18',X'0000000000000000000000000000000000000000000000000000000000000000',X'016fb304828a0b4b62f8f6380c879bbe2f66d54495af1f93c7926103ccf69c17');
INSERT INTO change VALUES(2,2,1453980268874000,'demo',X'7f12f181de899780f200d8aad344f113107e7c18b6540a5a14fc77dd0be548f9',X'016fb304828a0b4b62f8f6380c879bbe2f66d54495af1f93c7926103ccf69c17',X'b61a48debde4dbd04cc64ffdc15fc24de558cebb460fb058eac08956a7a5c0ef');
INSERT INTO change VALUES(3,1,1453980268874000,'login',X'4ee2004967c448ca5ca8bc3a8a8d4d8f9e4c399ee51b85282dba4d9c3fb26f0b',X'b61a48debde4dbd04cc64ffdc15fc24de558cebb460fb058eac08956a7a5c0ef',X'4db51c9f8963b3bd1fb6dcbf39c023120323870009fa39a9379bf2ea319d89a9');
INSERT INTO change VALUES(4,1,1453980268874000,'login',X'd689f46b66f9035fc37f82aaa5fed4725b870bae3f439fc8f6cb283626fdab37',X'4db51c9f8963b3bd1fb6dcbf39c023120323870009fa39a9379bf2ea319d89a9',X'7c9a0f9e54b911bed710646e759b52331ae7393cf419ca57973f4180a2e3f900');
INSERT INTO change VALUES(5,1,1453980268874000,'restigo',X'e07ed7a21fcea2764608b4c79504bdf9e23280f7128981f1dd8b6f1ea5479dc0',X'7c9a0f9e54b911bed710646e759b52331ae7393cf419ca57973f4180a2e3f900',X'7b4836e70d5e78ec7413e1ffa12ad8e0093e2cdea0af128ba16643f671129d82');
INSERT INTO change VALUES(6,3,1795822995431791,'import',X'bfa5c2ead78130aac20b3a7ed632e40684ad19cae99c84d02eae351654e7e320',X'7b4836e70d5e78ec7413e1ffa12ad8e0093e2cdea0af128ba16643f671129d82',X'a1ad78995040e3ef4df5bcb8b9b36b4d900735ec65b03113a7cd19ebb8e61869');
INSERT INTO change VALUES(7,3,1795822995490259,'import',X'db1d4db9090ca9c671e272c6271b21619da06285236cadc295b1599732b18482',X'a1ad78995040e3ef4df5bcb8b9b36b4d900735ec65b03113a7cd19ebb8e61869',X'8a447cb3adb2e25c764ac66cdd5789b8cdf49f638a0b051efed5ec9f4fe6f3a5');
INSERT INTO change VALUES(8,3,1795822995542067,'import',X'15a880f516301fbbd44aea8c6ddd0b32d906e89b0e76eb5f45e58e7b40149c5b',X'8a447cb3adb2e25c764ac66cdd5789b8cdf49f638a0b051efed5ec9f4fe6f3a5',X'4bef240a6c7649ea5e142977f57dc4a4020de525e4a7f926e944a82611d3b435');
CREATE TABLE change_entry (
    change INTEGER NOT NULL REFERENCES change (number),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT,
    PRIMARY KEY (change, position)
) STRICT, WITHOUT ROWID;
INSERT INTO change_entry VALUES(1,0,'supplier','["demo42"]');
INSERT INTO change_entry VALUES(1,1,'counters','["lead_contact_number"]');
INSERT INTO change_entry VALUES(1,2,'counters','["lead_number"]');
INSERT INTO change_entry VALUES(1,3,'counters','["price_list_number"]');
INSERT INTO change_entry VALUES(1,4,'products','["11040001"]');
INSERT INTO change_entry VALUES(1,5,'products','["11045680"]');
INSERT INTO change_entry VALUES(1,6,'products','["11045682"]');
INSERT INTO change_entry VALUES(1,7,'products','["21991234"]');
INSERT INTO change_entry VALUES(1,8,'products','["31000001"]');
INSERT INTO change_entry VALUES(1,9,'products','["31000002"]');
INSERT INTO change_entry VALUES(1,10,'products','["40000905"]');
INSERT INTO change_entry VALUES(1,11,'products','["40008386"]');
INSERT INTO change_entry VALUES(1,12,'conversions','["11045682","CT"]');
INSERT INTO change_entry VALUES(1,13,'conversions','["40000905","GRM"]');
INSERT INTO change_entry VALUES(1,14,'packings','["11040001","UN",1000000]');
INSERT INTO change_entry VALUES(1,15,'packings','["11045680","UN",1000000]');
INSERT INTO change_entry VALUES(1,16,'packings','["11045682","CX",12000000]');
INSERT INTO change_entry VALUES(1,17,'packings','["11045682","UN",1000000]');
INSERT INTO change_entry VALUES(1,18,'packings','["21991234","UN",1000000]');
INSERT INTO change_entry VALUES(1,19,'packings','["31000001","UN",1000000]');
INSERT INTO change_entry VALUES(1,20,'packings','["31000002","UN",1000000]');
INSERT INTO change_entry VALUES(1,21,'packings','["40000905","KG",500000]');
INSERT INTO change_entry VALUES(1,22,'packings','["40000905","KG",1000000]');
INSERT INTO change_entry VALUES(1,23,'availability','["11040001"]');
INSERT INTO change_entry VALUES(1,24,'availability','["11045680"]');
INSERT INTO change_entry VALUES(1,25,'availability','["11045682"]');
INSERT INTO change_entry VALUES(1,26,'availability','["21991234"]');
INSERT INTO change_entry VALUES(1,27,'availability','["31000001"]');
INSERT INTO change_entry VALUES(1,28,'availability','["31000002"]');
INSERT INTO change_entry VALUES(1,29,'availability','["40000905"]');
INSERT INTO change_entry VALUES(1,30,'availability','["40008386"]');
INSERT INTO change_entry VALUES(1,31,'payment_terms','["1"]');
INSERT INTO change_entry VALUES(1,32,'payment_terms','["10"]');
INSERT INTO change_entry VALUES(1,33,'payment_terms','["2"]');
INSERT INTO change_entry VALUES(1,34,'price_lists','["BR-1-1"]');
INSERT INTO change_entry VALUES(1,35,'price_lists','["BR-1-1-001"]');
INSERT INTO change_entry VALUES(1,36,'price_lists','["BR-1-1-002"]');
INSERT INTO change_entry VALUES(1,37,'price_lists','["BR-1-2"]');
INSERT INTO change_entry VALUES(1,38,'price_lists','["BR-1-2-002"]');
INSERT INTO change_entry VALUES(1,39,'price_lists','["BR-2-1"]');
INSERT INTO change_entry VALUES(1,40,'price_lists','["BR-3-3"]');
INSERT INTO change_entry VALUES(1,41,'price_lists','["BR-3-3-001"]');
INSERT INTO change_entry VALUES(1,42,'price_lists','["BR-4-1"]');
INSERT INTO change_entry VALUES(1,43,'price_lists','["BR-4-1-A1"]');
INSERT INTO change_entry VALUES(1,44,'price_lists','["BR-4-1-a1"]');
INSERT INTO change_entry VALUES(1,45,'price_lists','["CHF-B"]');
INSERT INTO change_entry VALUES(1,46,'price_lists','["EUR-A"]');
INSERT INTO change_entry VALUES(1,47,'price_lists','["EUR-S"]');
INSERT INTO change_entry VALUES(1,48,'price_lists','["LIST-123"]');
INSERT INTO change_entry VALUES(1,49,'price_lists','["LIST-4515"]');
INSERT INTO change_entry VALUES(1,50,'price_lists','["LIST-5544"]');
INSERT INTO change_entry VALUES(1,51,'customers','["123"]');
INSERT INTO change_entry VALUES(1,52,'customers','["123456"]');
INSERT INTO change_entry VALUES(1,53,'customers','["23101"]');
INSERT INTO change_entry VALUES(1,54,'customers','["556781"]');
INSERT INTO change_entry VALUES(1,55,'customers','["654321"]');
INSERT INTO change_entry VALUES(1,56,'customers','["777777"]');
INSERT INTO change_entry VALUES(1,57,'contacts','["23101",72]');
INSERT INTO change_entry VALUES(1,58,'contacts','["23101",73]');
INSERT INTO change_entry VALUES(1,59,'contacts','["556781",71]');
INSERT INTO change_entry VALUES(1,60,'entitlements','["123","LIST-5544"]');
INSERT INTO change_entry VALUES(1,61,'entitlements','["123456","EUR-A"]');
INSERT INTO change_entry VALUES(1,62,'entitlements','["23101","LIST-5544"]');
INSERT INTO change_entry VALUES(1,63,'entitlements','["556781","LIST-4515"]');
INSERT INTO change_entry VALUES(1,64,'entitlements','["654321","CHF-B"]');
INSERT INTO change_entry VALUES(1,65,'entitlements','["777777","EUR-A"]');
INSERT INTO change_entry VALUES(1,66,'identifiers','["11040001","catalogue_number","999999",null]');
INSERT INTO change_entry VALUES(1,67,'identifiers','["11040001","item_number","440",null]');
INSERT INTO change_entry VALUES(1,68,'identifiers','["11040001","product_number","10004",null]');
INSERT INTO change_entry VALUES(1,69,'identifiers','["11040001","sequence_number","1",null]');
INSERT INTO change_entry VALUES(1,70,'identifiers','["11045680","catalogue_number","100106",null]');
INSERT INTO change_entry VALUES(1,71,'identifiers','["11045680","customer_sku","MY-CABLE","123456"]');
INSERT INTO change_entry VALUES(1,72,'identifiers','["11045680","item_number","435",null]');
INSERT INTO change_entry VALUES(1,73,'identifiers','["11045680","product_number","10001",null]');
INSERT INTO change_entry VALUES(1,74,'identifiers','["11045680","sequence_number","5680",null]');
INSERT INTO change_entry VALUES(1,75,'identifiers','["11045682","catalogue_number","0101",null]');
INSERT INTO change_entry VALUES(1,76,'identifiers','["11045682","item_number","436",null]');
INSERT INTO change_entry VALUES(1,77,'identifiers','["11045682","product_number","10002",null]');
INSERT INTO change_entry VALUES(1,78,'identifiers','["11045682","sequence_number","5682",null]');
INSERT INTO change_entry VALUES(1,79,'identifiers','["21991234","catalogue_number","100105",null]');
INSERT INTO change_entry VALUES(1,80,'identifiers','["21991234","customer_sku","0815","123456"]');
INSERT INTO change_entry VALUES(1,81,'identifiers','["21991234","customer_sku","11045682","654321"]');
INSERT INTO change_entry VALUES(1,82,'identifiers','["21991234","item_number","437",null]');
INSERT INTO change_entry VALUES(1,83,'identifiers','["21991234","product_number","10003",null]');
INSERT INTO change_entry VALUES(1,84,'identifiers','["21991234","sequence_number","1234",null]');
INSERT INTO change_entry VALUES(1,85,'identifiers','["31000001","catalogue_number","TW1",null]');
INSERT INTO change_entry VALUES(1,86,'identifiers','["31000001","item_number","441",null]');
INSERT INTO change_entry VALUES(1,87,'identifiers','["31000001","product_number","10005",null]');
INSERT INTO change_entry VALUES(1,88,'identifiers','["31000001","sequence_number","3101",null]');
INSERT INTO change_entry VALUES(1,89,'identifiers','["31000002","catalogue_number","TW2",null]');
INSERT INTO change_entry VALUES(1,90,'identifiers','["31000002","item_number","442",null]');
INSERT INTO change_entry VALUES(1,91,'identifiers','["31000002","product_number","10006",null]');
INSERT INTO change_entry VALUES(1,92,'identifiers','["31000002","sequence_number","3102",null]');
INSERT INTO change_entry VALUES(1,93,'identifiers','["40000905","catalogue_number","לחמא00905",null]');
INSERT INTO change_entry VALUES(1,94,'identifiers','["40000905","item_number","905",null]');
INSERT INTO change_entry VALUES(1,95,'identifiers','["40000905","product_number","10007",null]');
INSERT INTO change_entry VALUES(1,96,'identifiers','["40000905","sequence_number","905",null]');
INSERT INTO change_entry VALUES(1,97,'identifiers','["40008386","catalogue_number","הבלקן8386",null]');
INSERT INTO change_entry VALUES(1,98,'identifiers','["40008386","item_number","8386",null]');
INSERT INTO change_entry VALUES(1,99,'identifiers','["40008386","product_number","10008",null]');
INSERT INTO change_entry VALUES(1,100,'identifiers','["40008386","sequence_number","8386",null]');
INSERT INTO change_entry VALUES(1,101,'contracts','["20001"]');
INSERT INTO change_entry VALUES(1,102,'contracts','["20002"]');
INSERT INTO change_entry VALUES(1,103,'contracts','["20003"]');
INSERT INTO change_entry VALUES(1,104,'contract_lists','["20001","EUR-A"]');
INSERT INTO change_entry VALUES(1,105,'contract_lists','["20002","CHF-B"]');
INSERT INTO change_entry VALUES(1,106,'contract_lists','["20003","EUR-S"]');
INSERT INTO change_entry VALUES(1,107,'contract_customers','["20002","654321"]');
INSERT INTO change_entry VALUES(1,108,'contract_customers','["20003","123456"]');
INSERT INTO change_entry VALUES(1,109,'stores','["10201"]');
INSERT INTO change_entry VALUES(1,110,'store_currencies','["10201","CHF"]');
INSERT INTO change_entry VALUES(1,111,'store_currencies','["10201","EUR"]');
INSERT INTO change_entry VALUES(1,112,'store_customers','["10201","123456"]');
INSERT INTO change_entry VALUES(1,113,'store_customers','["10201","654321"]');
INSERT INTO change_entry VALUES(1,114,'store_customers','["10201","777777"]');
INSERT INTO change_entry VALUES(1,115,'selling_entities','[1]');
INSERT INTO change_entry VALUES(1,116,'selling_entities','[2]');
INSERT INTO change_entry VALUES(1,117,'selling_entities','[3]');
INSERT INTO change_entry VALUES(1,118,'selling_entities','[4]');
INSERT INTO change_entry VALUES(1,119,'segments','[1,1]');
INSERT INTO change_entry VALUES(1,120,'segments','[1,2]');
INSERT INTO change_entry VALUES(1,121,'segments','[2,1]');
INSERT INTO change_entry VALUES(1,122,'segments','[3,3]');
INSERT INTO change_entry VALUES(1,123,'segments','[4,1]');
INSERT INTO change_entry VALUES(1,124,'sales_tables','[1,1,"001"]');
INSERT INTO change_entry VALUES(1,125,'sales_tables','[1,1,"002"]');
INSERT INTO change_entry VALUES(1,126,'sales_tables','[1,2,"002"]');
INSERT INTO change_entry VALUES(1,127,'sales_tables','[3,3,"001"]');
INSERT INTO change_entry VALUES(1,128,'sales_tables','[4,1,"A1"]');
INSERT INTO change_entry VALUES(1,129,'sales_tables','[4,1,"a1"]');
INSERT INTO change_entry VALUES(1,130,'accounts','["consinco","integra"]');
INSERT INTO change_entry VALUES(1,131,'accounts','["restigo","restigo-demo42"]');
INSERT INTO change_entry VALUES(1,132,'accounts','["secomp","_RQ123456"]');
INSERT INTO change_entry VALUES(1,133,'accounts','["secomp","_RQ654321"]');
INSERT INTO change_entry VALUES(1,134,'accounts','["secomp","_RQ777777"]');
INSERT INTO change_entry VALUES(1,135,'accounts','["websphere","buyer123456"]');
INSERT INTO change_entry VALUES(1,136,'accounts','["websphere","buyer654321"]');
INSERT INTO change_entry VALUES(1,137,'accounts','["websphere","buyer777777"]');
INSERT INTO change_entry VALUES(1,138,'categories','["1463"]');
INSERT INTO change_entry VALUES(1,139,'categories','["1500"]');
INSERT INTO change_entry VALUES(1,140,'categories','["1600"]');
INSERT INTO change_entry VALUES(1,141,'categories','["1701"]');
INSERT INTO change_entry VALUES(1,142,'categories','["1702"]');
INSERT INTO change_entry VALUES(1,143,'categories','["7214"]');
INSERT INTO change_entry VALUES(1,144,'partners','["22"]');
INSERT INTO change_entry VALUES(1,145,'partners','["23"]');
INSERT INTO change_entry VALUES(1,146,'partners','["32"]');
INSERT INTO change_entry VALUES(1,147,'grants','["22","1463"]');
INSERT INTO change_entry VALUES(1,148,'grants','["22","1500"]');
INSERT INTO change_entry VALUES(1,149,'grants','["22","1600"]');
INSERT INTO change_entry VALUES(1,150,'grants','["22","1701"]');
INSERT INTO change_entry VALUES(1,151,'grants','["22","1702"]');
INSERT INTO change_entry VALUES(1,152,'grants','["32","1500"]');
INSERT INTO change_entry VALUES(1,153,'grants','["32","7214"]');
INSERT INTO change_entry VALUES(1,154,'leads','[17400001]');
INSERT INTO change_entry VALUES(1,155,'leads','[17400002]');
INSERT INTO change_entry VALUES(1,156,'documents','["despatch_advice","193320"]');
INSERT INTO change_entry VALUES(1,157,'documents','["despatch_advice","193401"]');
INSERT INTO change_entry VALUES(1,158,'documents','["despatch_advice","193402"]');
INSERT INTO change_entry VALUES(1,159,'documents','["despatch_advice","193403"]');
INSERT INTO change_entry VALUES(1,160,'documents','["despatch_advice","200001"]');
INSERT INTO change_entry VALUES(1,161,'documents','["invoice","88001"]');
INSERT INTO change_entry VALUES(1,162,'document_lines','["despatch_advice","193320",1]');
INSERT INTO change_entry VALUES(1,163,'document_lines','["despatch_advice","193320",2]');
INSERT INTO change_entry VALUES(1,164,'document_lines','["despatch_advice","193401",1]');
INSERT INTO change_entry VALUES(1,165,'document_lines','["despatch_advice","193402",1]');
INSERT INTO change_entry VALUES(1,166,'document_lines','["despatch_advice","193402",2]');
INSERT INTO change_entry VALUES(1,167,'document_lines','["despatch_advice","193403",1]');
INSERT INTO change_entry VALUES(1,168,'document_lines','["despatch_advice","200001",1]');
INSERT INTO change_entry VALUES(1,169,'document_lines','["invoice","88001",1]');
INSERT INTO change_entry VALUES(1,170,'prices','["BR-1-1","11040001",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,171,'prices','["BR-1-1","11045680",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,172,'prices','["BR-1-1","11045682",null,"CX",12000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,173,'prices','["BR-1-1","11045682",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,174,'prices','["BR-1-1","21991234",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,175,'prices','["BR-1-1","21991234",null,"UN",1000000,"BRL",null,1453687200000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,176,'prices','["BR-1-1","40000905",null,"KG",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,177,'prices','["BR-1-1-001","11045680",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,178,'prices','["BR-1-1-001","11045680",null,"UN",1000000,"BRL",null,null,"regular","2"]');
INSERT INTO change_entry VALUES(1,179,'prices','["BR-1-1-001","11045682",null,"CX",12000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,180,'prices','["BR-1-1-001","11045682",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,181,'prices','["BR-1-1-001","21991234",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,182,'prices','["BR-1-1-002","11045680",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,183,'prices','["BR-1-2","11045680",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,184,'prices','["BR-1-2-002","11045680",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,185,'prices','["BR-2-1","11045680",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,186,'prices','["BR-3-3","11045680",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,187,'prices','["BR-3-3","11045680",null,"UN",1000000,"BRL",null,1451613600000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,188,'prices','["BR-3-3","21991234",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,189,'prices','["BR-3-3","21991234",null,"UN",1000000,"BRL",null,1445137200000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,190,'prices','["BR-3-3","31000001",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,191,'prices','["BR-3-3","31000001",null,"UN",1000000,"BRL",null,1453946400000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,192,'prices','["BR-3-3","31000002",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,193,'prices','["BR-3-3","31000002",null,"UN",1000000,"BRL",null,1454032800000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,194,'prices','["BR-3-3","40000905",null,"KG",500000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,195,'prices','["BR-3-3","40000905",null,"KG",500000,"BRL",null,1451613600000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,196,'prices','["BR-3-3-001","21991234",null,"UN",1000000,"BRL",null,null,"regular","1"]');
INSERT INTO change_entry VALUES(1,197,'prices','["BR-4-1","11045682",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,198,'prices','["BR-4-1","21991234",null,"UN",1000000,"BRL",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,199,'prices','["BR-4-1","21991234",null,"UN",1000000,"BRL",null,1453953600000000,"promotion",null]');
INSERT INTO change_entry VALUES(1,200,'prices','["BR-4-1-A1","21991234",null,"UN",1000000,"BRL",null,null,"regular","10"]');
INSERT INTO change_entry VALUES(1,201,'prices','["BR-4-1-a1","21991234",null,"UN",1000000,"BRL",null,null,"listing",null]');
INSERT INTO change_entry VALUES(1,202,'prices','["CHF-B","11045680",null,null,null,"CHF",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,203,'prices','["CHF-B","11045682",null,null,null,"CHF",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,204,'prices','["CHF-B","21991234",null,null,null,"CHF",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,205,'prices','["CHF-B","40008386",null,null,null,"CHF",1000000,1454281200000000,"regular",null]');
INSERT INTO change_entry VALUES(1,206,'prices','["EUR-A","11040001",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,207,'prices','["EUR-A","11045680",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,208,'prices','["EUR-A","11045680",null,null,null,"EUR",10000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,209,'prices','["EUR-A","11045682",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,210,'prices','["EUR-A","11045682",null,null,null,"EUR",5000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,211,'prices','["EUR-A","11045682",null,null,null,"EUR",20000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,212,'prices','["EUR-A","11045682",null,null,null,"EUR",100000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,213,'prices','["EUR-A","21991234",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,214,'prices','["EUR-A","31000001",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,215,'prices','["EUR-A","31000002",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,216,'prices','["EUR-A","40008386",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,217,'prices','["EUR-S","11045680",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,218,'prices','["EUR-S","11045680",null,null,null,"EUR",1000000,1459040400000000,"regular",null]');
INSERT INTO change_entry VALUES(1,219,'prices','["EUR-S","11045680",null,null,null,"EUR",1000000,1477789200000000,"regular",null]');
INSERT INTO change_entry VALUES(1,220,'prices','["EUR-S","40000905",null,null,null,"EUR",500000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,221,'prices','["EUR-S","40000905",null,null,null,"EUR",25000000,null,"regular",null]');
INSERT INTO change_entry VALUES(1,222,'prices','["LIST-123","11045680",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,223,'prices','["LIST-123","11045682",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,224,'prices','["LIST-4515","11045682",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,225,'prices','["LIST-4515","21991234",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,226,'prices','["LIST-5544","11045680",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,227,'prices','["LIST-5544","11045682",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(1,228,'prices','["LIST-5544","21991234",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(2,0,'supplier','["wcs-mini"]');
INSERT INTO change_entry VALUES(2,1,'counters','["price_list_number"]');
INSERT INTO change_entry VALUES(2,2,'products','["11724"]');
INSERT INTO change_entry VALUES(2,3,'products','["2135"]');
INSERT INTO change_entry VALUES(2,4,'products','["4135"]');
INSERT INTO change_entry VALUES(2,5,'products','["9001"]');
INSERT INTO change_entry VALUES(2,6,'products','["9002"]');
INSERT INTO change_entry VALUES(2,7,'products','["9003"]');
INSERT INTO change_entry VALUES(2,8,'conversions','["2135","DZN"]');
INSERT INTO change_entry VALUES(2,9,'availability','["11724"]');
INSERT INTO change_entry VALUES(2,10,'availability','["2135"]');
INSERT INTO change_entry VALUES(2,11,'availability','["4135"]');
INSERT INTO change_entry VALUES(2,12,'availability','["9001"]');
INSERT INTO change_entry VALUES(2,13,'availability','["9002"]');
INSERT INTO change_entry VALUES(2,14,'availability','["9003"]');
INSERT INTO change_entry VALUES(2,15,'price_lists','["10001"]');
INSERT INTO change_entry VALUES(2,16,'price_lists','["24331"]');
INSERT INTO change_entry VALUES(2,17,'price_lists','["43221"]');
INSERT INTO change_entry VALUES(2,18,'price_lists','["55555"]');
INSERT INTO change_entry VALUES(2,19,'price_lists','["LIST-700"]');
INSERT INTO change_entry VALUES(2,20,'customers','["123"]');
INSERT INTO change_entry VALUES(2,21,'customers','["200001"]');
INSERT INTO change_entry VALUES(2,22,'customers','["ACME"]');
INSERT INTO change_entry VALUES(2,23,'customers','["BETA"]');
INSERT INTO change_entry VALUES(2,24,'entitlements','["123","LIST-700"]');
INSERT INTO change_entry VALUES(2,25,'entitlements','["200001","10001"]');
INSERT INTO change_entry VALUES(2,26,'identifiers',NULL);
INSERT INTO change_entry VALUES(2,38,'contracts','["10001"]');
INSERT INTO change_entry VALUES(2,39,'contracts','["24331"]');
INSERT INTO change_entry VALUES(2,40,'contracts','["43221"]');
INSERT INTO change_entry VALUES(2,41,'contracts','["55555"]');
INSERT INTO change_entry VALUES(2,42,'contracts','["66666"]');
INSERT INTO change_entry VALUES(2,43,'contract_lists','["10001","10001"]');
INSERT INTO change_entry VALUES(2,44,'contract_lists','["24331","24331"]');
INSERT INTO change_entry VALUES(2,45,'contract_lists','["43221","43221"]');
INSERT INTO change_entry VALUES(2,46,'contract_lists','["55555","55555"]');
INSERT INTO change_entry VALUES(2,47,'contract_customers','["24331","ACME"]');
INSERT INTO change_entry VALUES(2,48,'contract_customers','["43221","ACME"]');
INSERT INTO change_entry VALUES(2,49,'contract_customers','["55555","BETA"]');
INSERT INTO change_entry VALUES(2,50,'contract_customers','["66666","ACME"]');
INSERT INTO change_entry VALUES(2,51,'stores','["10101"]');
INSERT INTO change_entry VALUES(2,52,'stores','["10102"]');
INSERT INTO change_entry VALUES(2,53,'store_currencies','["10101","DKK"]');
INSERT INTO change_entry VALUES(2,54,'store_currencies','["10101","EUR"]');
INSERT INTO change_entry VALUES(2,55,'store_currencies','["10101","JPY"]');
INSERT INTO change_entry VALUES(2,56,'store_currencies','["10101","USD"]');
INSERT INTO change_entry VALUES(2,57,'store_currencies','["10102","EUR"]');
INSERT INTO change_entry VALUES(2,58,'store_currencies','["10102","USD"]');
INSERT INTO change_entry VALUES(2,59,'store_customers','["10101","ACME"]');
INSERT INTO change_entry VALUES(2,60,'store_customers','["10101","BETA"]');
INSERT INTO change_entry VALUES(2,61,'store_customers','["10102","ACME"]');
INSERT INTO change_entry VALUES(2,62,'accounts','["restigo","restigo-wcs-mini"]');
INSERT INTO change_entry VALUES(2,63,'accounts','["secomp","_RQ200001"]');
INSERT INTO change_entry VALUES(2,64,'accounts','["websphere","acme.buyer"]');
INSERT INTO change_entry VALUES(2,65,'accounts','["websphere","beta.buyer"]');
INSERT INTO change_entry VALUES(2,66,'documents','["despatch_advice","5001"]');
INSERT INTO change_entry VALUES(2,67,'document_lines','["despatch_advice","5001",1]');
INSERT INTO change_entry VALUES(2,68,'prices','["10001","11724",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,69,'prices','["10001","11724",null,null,null,"JPY",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,70,'prices','["10001","11724",null,null,null,"USD",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,71,'prices','["10001","2135",null,null,null,"EUR",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,72,'prices','["10001","2135",null,null,null,"EUR",10000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,73,'prices','["10001","2135",null,null,null,"USD",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,74,'prices','["10001","2135",null,null,null,"USD",10000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,75,'prices','["10001","2135",null,null,null,"USD",100000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,76,'prices','["10001","4135",null,null,null,"USD",500000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,77,'prices','["10001","4135",null,null,null,"USD",100000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,78,'prices','["10001","9001",null,null,null,"DKK",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,79,'prices','["10001","9001",null,null,null,"USD",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,80,'prices','["10001","9002",null,null,null,"USD",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,81,'prices','["24331","2135",null,null,null,"USD",1000000,1451606400000000,"regular",null]');
INSERT INTO change_entry VALUES(2,82,'prices','["43221","2135",null,null,null,"USD",1000000,1451606400000000,"regular",null]');
INSERT INTO change_entry VALUES(2,83,'prices','["43221","2135",null,null,null,"USD",1000000,1467331200000000,"regular",null]');
INSERT INTO change_entry VALUES(2,84,'prices','["43221","2135",null,null,null,"USD",10000000,1451606400000000,"regular",null]');
INSERT INTO change_entry VALUES(2,85,'prices','["43221","2135",null,null,null,"USD",10000000,1467331200000000,"regular",null]');
INSERT INTO change_entry VALUES(2,86,'prices','["43221","2135",null,null,null,"USD",100000000,1451606400000000,"regular",null]');
INSERT INTO change_entry VALUES(2,87,'prices','["43221","2135",null,null,null,"USD",100000000,1467331200000000,"regular",null]');
INSERT INTO change_entry VALUES(2,88,'prices','["55555","2135",null,null,null,"USD",1000000,null,"regular",null]');
INSERT INTO change_entry VALUES(2,89,'prices','["LIST-700","2135",null,null,null,"USD",null,null,"regular",null]');
INSERT INTO change_entry VALUES(3,0,'sessions','["sha256:8b8aa5712398e1b31a5aa5fdd03bd13209b122eb34d5b97cc975fad030777770"]');
INSERT INTO change_entry VALUES(3,1,'sessions','["sha256:b618bfad3e324135f1daef1118c8a9cbb197c339c99c42ab3b5b4ed8d55c140a"]');
INSERT INTO change_entry VALUES(4,0,'sessions','["sha256:45368ff5b0fa57ae45acf42577b246b6f9ff4b5ee4050bbdbb2bfef05b1c93e4"]');
INSERT INTO change_entry VALUES(4,1,'sessions','["sha256:bf3cae684fc7e321870f019b9a6103ba9b383138a549d2097133e038013c25bc"]');
INSERT INTO change_entry VALUES(5,0,'entitlements','["123","LIST-123"]');
INSERT INTO change_entry VALUES(5,1,'prices','["LIST-123","11045682",null,null,null,"ILS",null,null,"regular",null]');
INSERT INTO change_entry VALUES(6,0,'supplier','["salix"]');
INSERT INTO change_entry VALUES(6,1,'products','["W1"]');
INSERT INTO change_entry VALUES(6,2,'products','["W2"]');
INSERT INTO change_entry VALUES(6,3,'price_lists','["L"]');
INSERT INTO change_entry VALUES(6,4,'accounts','["restigo","desk-salix"]');
INSERT INTO change_entry VALUES(6,5,'prices','["L","W1",null,null,null,"EUR",null,null,"regular",null]');
INSERT INTO change_entry VALUES(6,6,'prices','["L","W2",null,null,null,"EUR",null,null,"regular",null]');
INSERT INTO change_entry VALUES(7,0,'prices','["L","W1",null,null,null,"EUR",null,null,"regular",null]');
INSERT INTO change_entry VALUES(8,0,'prices','["L","W2",null,null,null,"EUR",null,null,"regular",null]');
CREATE TABLE closed_receivers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    receiver TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    opens_at INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, receiver)
) STRICT, WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('supplier',3);
INSERT INTO sqlite_sequence VALUES('products',16);
INSERT INTO sqlite_sequence VALUES('price_lists',23);
INSERT INTO sqlite_sequence VALUES('price_shape',46);
CREATE INDEX supplier_history_by_key ON supplier_history (supplier_id);
CREATE INDEX products_by_supplier ON products (supplier_id);
CREATE INDEX products_history_by_key ON products_history (supplier_id, sku);
CREATE INDEX conversions_history_by_key ON conversions_history (supplier_id, sku, uom);
CREATE INDEX packings_history_by_key ON packings_history (supplier_id, sku, packing, quantity);
CREATE INDEX availability_history_by_key ON availability_history (supplier_id, sku);
CREATE INDEX payment_terms_history_by_key ON payment_terms_history (supplier_id, payment_term);
CREATE UNIQUE INDEX price_lists_by_number ON price_lists (supplier_id, number);
CREATE INDEX price_lists_by_name ON price_lists (supplier_id, name);
CREATE INDEX price_lists_history_by_key ON price_lists_history (supplier_id, price_list);
CREATE INDEX customers_history_by_key ON customers_history (supplier_id, customer);
CREATE INDEX contacts_history_by_key ON contacts_history (supplier_id, customer, number);
CREATE INDEX entitlements_by_price_list ON entitlements (supplier_id, price_list);
CREATE INDEX entitlements_history_by_key ON entitlements_history (supplier_id, customer, price_list);
CREATE UNIQUE INDEX identifiers_key ON identifiers (supplier_id, sku, scheme, value, ifnull(customer, ''));
CREATE INDEX identifiers_by_customer ON identifiers (supplier_id, customer);
CREATE INDEX identifiers_history_by_key ON identifiers_history (supplier_id, sku, scheme, value, customer);
CREATE INDEX contracts_history_by_key ON contracts_history (supplier_id, contract);
CREATE INDEX contract_lists_by_price_list ON contract_lists (supplier_id, price_list);
CREATE INDEX contract_lists_history_by_key ON contract_lists_history (supplier_id, contract, price_list);
CREATE INDEX contract_customers_by_customer ON contract_customers (supplier_id, customer);
CREATE INDEX contract_customers_history_by_key ON contract_customers_history (supplier_id, contract, customer);
CREATE UNIQUE INDEX stores_of_all_suppliers ON stores (store);
CREATE INDEX stores_by_contract ON stores (supplier_id, contract);
CREATE INDEX stores_history_by_key ON stores_history (supplier_id, store);
CREATE INDEX store_currencies_history_by_key ON store_currencies_history (supplier_id, store, currency);
CREATE INDEX store_customers_by_customer ON store_customers (supplier_id, customer);
CREATE INDEX store_customers_history_by_key ON store_customers_history (supplier_id, store, customer);
CREATE INDEX selling_entities_history_by_key ON selling_entities_history (supplier_id, entity);
CREATE INDEX segments_by_price_list ON segments (supplier_id, price_list);
CREATE INDEX segments_history_by_key ON segments_history (supplier_id, entity, segment);
CREATE INDEX sales_tables_by_price_list ON sales_tables (supplier_id, price_list);
CREATE INDEX sales_tables_history_by_key ON sales_tables_history (supplier_id, entity, segment, number);
CREATE UNIQUE INDEX accounts_of_all_suppliers ON accounts (protocol, login);
CREATE INDEX accounts_by_customer ON accounts (supplier_id, customer);
CREATE INDEX accounts_history_by_key ON accounts_history (supplier_id, protocol, login);
CREATE INDEX categories_history_by_key ON categories_history (supplier_id, category);
CREATE INDEX partners_history_by_key ON partners_history (supplier_id, partner);
CREATE INDEX grants_by_category ON grants (supplier_id, category);
CREATE INDEX grants_history_by_key ON grants_history (supplier_id, partner, category);
CREATE INDEX leads_by_email ON leads (supplier_id, email COLLATE NOCASE);
CREATE INDEX leads_by_phone ON leads (supplier_id, phone_key);
CREATE INDEX leads_by_category ON leads (supplier_id, category, created_at);
CREATE INDEX leads_by_partner ON leads (supplier_id, partner);
CREATE INDEX leads_history_by_key ON leads_history (supplier_id, lead);
CREATE INDEX documents_by_day ON documents (supplier_id, issued);
CREATE INDEX documents_by_customer ON documents (supplier_id, customer);
CREATE INDEX documents_history_by_key ON documents_history (supplier_id, kind, document);
CREATE INDEX document_lines_by_sku ON document_lines (supplier_id, sku);
CREATE INDEX document_lines_history_by_key ON document_lines_history (supplier_id, kind, document, position);
CREATE UNIQUE INDEX price_shape_key ON price_shape (
    currency, minimum_quantity, kind, decimals, ifnull(valid_from, ''), ifnull(valid_to, ''),
    ifnull(uom, ''), ifnull(packing, ''), ifnull(packing_quantity, ''), ifnull(payment_term, '')
);
CREATE VIEW prices AS
SELECT
    supplier.supplier,
    price_lists.price_list,
    products.sku,
    price_shape.uom,
    price_shape.packing,
    rtrim(rtrim((price_shape.packing_quantity / 1000000) || '.'
        || substr('00000' || (price_shape.packing_quantity % 1000000), -6), '0'), '.')
        AS packing_quantity,
    price_shape.currency,
    rtrim(rtrim((price_shape.minimum_quantity / 1000000) || '.'
        || substr('00000' || (price_shape.minimum_quantity % 1000000), -6), '0'), '.')
        AS minimum_quantity,
    strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_from / 1000000, 'unixepoch') AS valid_from,
    strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_to / 1000000, 'unixepoch') AS valid_to,
    price_shape.kind,
    price_shape.payment_term,
    iif(price_shape.kind = 'listing', NULL,
        rtrim(rtrim((price.amount / 1000000) || '.'
            || substr('00000' || (price.amount % 1000000), -6), '0'), '.')) AS amount,
    price_shape.decimals,
    strftime('%Y-%m-%dT%H:%M:%SZ', price.changed_at / 1000000, 'unixepoch') AS changed_at,
    price.since_change
FROM price
JOIN price_shape ON price_shape.id = price.shape_id
JOIN products ON products.id = price.product_id
JOIN price_lists ON price_lists.id = price.list_id
JOIN supplier ON supplier.supplier_id = products.supplier_id;
CREATE INDEX leads_by_contact ON leads (supplier_id, contact_number);
COMMIT;
