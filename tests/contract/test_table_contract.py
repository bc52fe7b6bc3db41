"""The stand-in answers for tables as PostgREST does, byte for byte."""

import pytest
from contract.both_servers import BothServers, Call
from postgrest.types import CountMethod, ReturnMethod

ID = "00000000-0000-4000-8000-00000000000"
USER = "11111111-1111-4111-8111-111111111111"
STORE = "33333333-3333-4333-8333-333333333333"
NEW = {"id": f"{ID}9", "model_image_url": "m", "prompt_system": "p", "created_at": "2026-01-05T00:00:00Z"}
EXACT = CountMethod.exact
MINIMAL = ReturnMethod.minimal

READS: dict[str, Call] = {
    "all columns": lambda c: c.supabase.table("generation_sessions").select("*").order("id").execute(),
    "some columns, filtered": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id", "status")
        .eq("user_id", USER)
        .order("id")
        .execute()
    ),
    "a page, counted": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id", count=EXACT)
        .order("created_at", desc=True)
        .limit(2)
        .execute()
    ),
    "the second page, counted": lambda c: (
        c.supabase.table("generation_sessions").select("id", count=EXACT).order("id").range(2, 3).execute()
    ),
    "a page behind the end, counted": lambda c: (
        c.supabase.table("generation_sessions").select("id", count=EXACT).range(9, 10).execute()
    ),
    "a page behind the end": lambda c: (
        c.supabase.table("generation_sessions").select("id").range(9, 10).execute()
    ),
    "a page right at the end, counted": lambda c: (
        c.supabase.table("generation_sessions").select("id", count=EXACT).range(3, 4).execute()
    ),
    "a limit of nothing": lambda c: c.supabase.table("generation_sessions").select("id").limit(0).execute(),
    "the count alone": lambda c: (
        c.supabase.table("generation_sessions").select("*", count=EXACT, head=True).execute()
    ),
    "no match, counted": lambda c: (
        c.supabase.table("generation_sessions").select("*", count=EXACT).eq("status", "failed").execute()
    ),
    "one object": lambda c: (
        c.supabase.table("generation_sessions").select("*").eq("id", f"{ID}1").single().execute()
    ),
    "one object, but none there": lambda c: (
        c.supabase.table("generation_sessions").select("*").eq("id", f"{ID}9").single().execute()
    ),
    "one object, but several there": lambda c: (
        c.supabase.table("generation_sessions").select("id").single().execute()
    ),
    "at most one row": lambda c: (
        c.supabase.table("generation_sessions").select("id").eq("id", f"{ID}9").maybe_single().execute()
    ),
    "every comparison": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .neq("status", "failed")
        .gt("created_at", "2026-01-01T00:00:00+00:00")
        .gte("credits_used", 1)
        .lt("created_at", "2027-01-01T00:00:00+00:00")
        .lte("credits_used", 9)
        .order("id")
        .execute()
    ),
    "null and not null": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .is_("outfit_image_url", None)
        .not_.is_("user_id", None)
        .execute()
    ),
    "a list": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .in_("status", ["queued", "processing"])
        .order("id")
        .execute()
    ),
    "a list of awkward texts": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .in_("model_image_url", ['https://a.test/x.jpg?token=1,2(3)"4"', "back\\slash", "b"])
        .order("id")
        .execute()
    ),
    "an empty list": lambda c: (
        c.supabase.table("generation_sessions").select("id").in_("status", []).execute()
    ),
    "not in a list": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .not_.in_("status", ["completed"])
        .order("id")
        .execute()
    ),
    "an awkward text": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .eq("model_image_url", 'https://a.test/x.jpg?token=1,2(3)"4"')
        .execute()
    ),
    "a pattern": lambda c: (
        c.supabase.table("generation_sessions").select("id").like("status", "*ed").order("id").execute()
    ),
    "nulls first": lambda c: (
        c.supabase.table("generation_sessions")
        .select("id")
        .order("estimated_cost_usd", desc=True, nullsfirst=True)
        .order("id")
        .execute()
    ),
    "an unknown column in the list": lambda c: (
        c.supabase.table("generation_sessions").select("id", "nothing").execute()
    ),
    "an unknown column in the filter": lambda c: (
        c.supabase.table("generation_sessions").select("id").eq("nothing", 1).execute()
    ),
    "an unknown column in the order": lambda c: (
        c.supabase.table("generation_sessions").select("id").order("nothing").execute()
    ),
    "a filter of the wrong type": lambda c: (
        c.supabase.table("generation_sessions").select("id").eq("id", "no uuid").execute()
    ),
    "a view that writes when it is read": lambda c: c.supabase.table("writing_view").select("n").execute(),
    "an unknown table": lambda c: c.supabase.table("nothing").select("id").execute(),
    "a table of another schema": lambda c: c.supabase.table("pg_class").select("relname").execute(),
    "another schema": lambda c: c.supabase.schema("wearon").table("generations").select("*").execute(),
}

WRITES: dict[str, Call] = {
    "an update of live rows": lambda c: (
        c.supabase.table("generation_sessions")
        .update({"status": "processing", "estimated_cost_usd": 0.05, "accessories": {"a": [1, 2]}})
        .eq("id", f"{ID}0")
        .in_("status", ["queued", "processing"])
        .execute()
    ),
    "an update without a match": lambda c: (
        c.supabase.table("generation_sessions").update({"status": "failed"}).eq("id", f"{ID}9").execute()
    ),
    "an update, minimal": lambda c: (
        c.supabase.table("generation_sessions")
        .update({"error_message": None}, returning=MINIMAL)
        .eq("id", f"{ID}1")
        .execute()
    ),
    "an update, counted": lambda c: (
        c.supabase.table("generation_sessions")
        .update({"credits_used": 2}, count=EXACT)
        .eq("id", f"{ID}1")
        .execute()
    ),
    "an update, some columns back": lambda c: (
        c.supabase.table("generation_sessions")
        .update({"credits_used": 2})
        .eq("id", f"{ID}1")
        .select("id,status")
        .execute()
    ),
    "an update against a check": lambda c: (
        c.supabase.table("generation_sessions").update({"status": "odd"}).eq("id", f"{ID}1").execute()
    ),
    "an update against not null": lambda c: (
        c.supabase.table("generation_sessions").update({"prompt_system": None}).eq("id", f"{ID}1").execute()
    ),
    "an update of the wrong type": lambda c: (
        c.supabase.table("generation_sessions").update({"credits_used": "x"}).eq("id", f"{ID}1").execute()
    ),
    "an update of an unknown column": lambda c: (
        c.supabase.table("generation_sessions").update({"nothing": 1}).eq("id", f"{ID}1").execute()
    ),
    "an update of several rows where one is asked for": lambda c: c.http.patch(
        "/rest/v1/generation_sessions?credits_used=eq.1",
        json={"credits_used": 2},
        headers={"accept": "application/vnd.pgrst.object+json", "prefer": "return=representation"},
    ),
    "an update with broken JSON": lambda c: c.http.patch(
        f"/rest/v1/generation_sessions?id=eq.{ID}1",
        content=b"{broken",
        headers={"content-type": "application/json"},
    ),
    "an insert": lambda c: c.supabase.table("generation_sessions").insert(NEW).execute(),
    "an insert of several": lambda c: (
        c.supabase.table("generation_sessions").insert([NEW, {**NEW, "id": f"{ID}8"}], count=EXACT).execute()
    ),
    "an insert of several that lack a column": lambda c: (
        c.supabase.table("generation_sessions").insert([NEW, {"id": f"{ID}8", "prompt_user": "u"}]).execute()
    ),
    "an insert, minimal": lambda c: (
        c.supabase.table("generation_sessions").insert(NEW, returning=MINIMAL).execute()
    ),
    "an insert of a duplicate": lambda c: (
        c.supabase.table("generation_sessions").insert({**NEW, "id": f"{ID}0"}).execute()
    ),
    "an insert against a named constraint": lambda c: (
        c.supabase.table("store_credit_transactions")
        .insert({"store_id": STORE, "amount": -1, "type": "deduction", "request_id": "req_1"})
        .execute()
    ),
    "an insert of an unknown column": lambda c: (
        c.supabase.table("generation_sessions").insert({**NEW, "nothing": 1}).execute()
    ),
    "rows whose keys differ": lambda c: c.http.post(
        "/rest/v1/generation_sessions", json=[NEW, {"id": f"{ID}8"}]
    ),
    "an upsert of a new row": lambda c: (
        c.supabase.table("user_credits")
        .upsert({"id": f"{ID}9", "user_id": STORE, "balance": 1}, on_conflict="user_id")
        .execute()
    ),
    "an upsert of a row that is there": lambda c: (
        c.supabase.table("user_credits")
        .upsert({"user_id": USER, "balance": 9}, on_conflict="user_id")
        .execute()
    ),
    "an upsert on the primary key": lambda c: (
        c.supabase.table("generation_sessions").upsert({**NEW, "id": f"{ID}0"}, returning=MINIMAL).execute()
    ),
    "an upsert that ignores duplicates": lambda c: (
        c.supabase.table("user_credits")
        .upsert({"user_id": USER, "balance": 9}, on_conflict="user_id", ignore_duplicates=True)
        .execute()
    ),
    "an upsert against a check": lambda c: (
        c.supabase.table("user_credits")
        .upsert({"id": f"{ID}9", "user_id": USER, "balance": -9}, on_conflict="user_id")
        .execute()
    ),
    "an upsert on a column that is not unique": lambda c: (
        c.supabase.table("user_credits")
        .upsert({"user_id": USER, "balance": 9}, on_conflict="balance")
        .execute()
    ),
    "a delete": lambda c: c.supabase.table("generation_sessions").delete().eq("id", f"{ID}0").execute(),
    "a delete without a match": lambda c: (
        c.supabase.table("generation_sessions").delete().eq("id", f"{ID}9").execute()
    ),
    "a delete, minimal and counted": lambda c: (
        c.supabase.table("generation_sessions")
        .delete(returning=MINIMAL, count=EXACT)
        .eq("user_id", USER)
        .execute()
    ),
}


@pytest.mark.parametrize("call", READS.values(), ids=READS)
def test_a_read_is_answered_as_postgrest_answers_it(as_service: BothServers, call: Call) -> None:
    postgrest, stand_in = as_service.answers(call)
    assert stand_in == postgrest


@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
def test_a_write_is_answered_as_postgrest_answers_it(as_service: BothServers, call: Call) -> None:
    postgrest, stand_in = as_service.answers(call)
    assert stand_in == postgrest


@pytest.mark.parametrize("call", [READS["all columns"], WRITES["a delete"]], ids=["read", "delete"])
def test_row_level_security_hides_rows_from_anon_in_both(as_anon: BothServers, call: Call) -> None:
    postgrest, stand_in = as_anon.answers(call)
    assert stand_in == postgrest
    assert postgrest.body == b"[]"


def test_row_level_security_refuses_an_insert_by_anon_in_both(as_anon: BothServers) -> None:
    postgrest, stand_in = as_anon.answers(WRITES["an insert"])
    assert stand_in == postgrest
    assert postgrest.status == 401
