"""`/rest/v1`: tables and functions, as PostgREST answers for them."""
