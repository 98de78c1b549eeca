-- Redshift lets everyone who connects create in the schema public; nobody but its owner has anything to create there.
revoke create on schema public from public;
