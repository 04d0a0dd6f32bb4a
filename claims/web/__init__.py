"""Everything that meets the open web: addresses, the guard, the one client, pages, archives."""
