-- Whether a contact number is taken is asked for each new person.
CREATE INDEX leads_by_contact ON leads (supplier_id, contact_number);
