"""`/storage/v1`: one private bucket of pictures, as Supabase Storage answers for it."""
