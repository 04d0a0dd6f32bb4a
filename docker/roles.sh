#!/bin/sh
# Run once by the database's image, when its volume is new: the owner migrates, the application
# owns nothing and is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner="$DESK_OWNER_PASSWORD" --set app="$DESK_APP_PASSWORD" <<'SQL'
CREATE ROLE desk_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE desk_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
CREATE DATABASE desk OWNER desk_owner;
REVOKE ALL ON DATABASE desk FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE desk TO desk_app;
SQL
