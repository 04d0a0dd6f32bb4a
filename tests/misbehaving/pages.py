"""What the misbehaving hosts send: a good article, and pages that only look like one."""

from html import escape

CLAIM = "The ferry between Port Vessany and Orrel has been closed since 4 March."
_MORE = (
    "People of both harbours now take the long road around the bay, which costs them an hour each"
    " way. The council has set up a bus for those who work on the other side, and it leaves at"
    " six in the morning and at four in the afternoon. Fishermen carry letters and bread across"
    " when the water is calm. The shipyard needs a new shaft for the older of the two boats, and"
    " nobody there wants to name a day before it has arrived. In the school at Orrel nine children"
    " are taught by one teacher, because the others live on the far shore. The shop has raised no"
    " prices so far. Its owner keeps a list of what is running low and pins it to the door, where"
    " everybody who drives around the bay can read it and bring something back."
)


def article(by: str, *, head: str = "", more: str = "", tail: str = "") -> bytes:
    """A whole article about the claim, told apart from the others by the name in it."""
    return document(
        f"Ferry closed, says {by}",
        f"<article><h1>Ferry closed, says {escape(by)}</h1><p>{CLAIM}</p>"
        f"<p>{escape(by)} went to see the pier for its readers this week.</p>"
        f"<p>{_MORE}</p>{more}</article>{tail}",
        head=head,
    ).encode()


def document(title: str, body: str, *, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}"
        f"</title>{head}</head><body>{body}</body></html>"
    )


FRONT = document(
    "The Orrel Post",
    "<h1>The Orrel Post</h1>"
    + "".join(
        f"<h2><a href='/{n}'>Ferry news number {n} from Port Vessany and Orrel</a></h2>"
        f"<p>Notes of the day, part {n}: the ferry between Port Vessany and Orrel, the weather"
        " on the bay, and what the council made of it since 4 March, in a few words for all.</p>"
        for n in range(12)
    ),
).encode()
CONSENT = document(
    "Before you continue",
    "<h1>Before you continue</h1><form action='/save'><p>We value your privacy.</p>"
    "<button>Accept all cookies</button></form>",
).encode()
GONE = document("Page not found", "<h1>Sorry</h1><p>This page was not found.</p>").encode()
PAYWALL = document(
    "Ferry closed, says The Ledger",
    f"<article><h1>Ferry closed, says The Ledger</h1><p>{CLAIM} The pier was quiet.</p></article>"
    "<div><p>Subscribe to continue reading. Already a subscriber? Sign in to read.</p></div>",
    head='<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"Ferry closed, says The Ledger","isAccessibleForFree":false}</script>',
).encode()
CHALLENGE = document("Just a moment...", "<h1>Checking your browser</h1>").encode()
INCAPSULA = (
    b'<html><head><META NAME="robots" CONTENT="noindex,nofollow"><script src="/_Incapsula_Resource'
    b'?SWJIYLWA=5074a744e2e3d891814e9a2dace20bd4"></script><body></body></html>'
)
LOGIN = document(
    "Sign in", "<form><p>Log in to go on.</p><input type='password' name='p'></form>"
).encode()
SCRIPT = document("…", "<script>window.location.href = '/elsewhere'</script>").encode()
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>List</title></channel></rss>"
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><html><body><p>&j;</p></body></html>"  # fmt: skip
HEBREW = (
    document(
        "המעבורת סגורה",
        "<article><h1>המעבורת סגורה</h1>"
        "<p>המעבורת בין פורט וסאני לאורל סגורה מאז ארבעה במרץ, כך מסרו אנשי הנמל השבוע.</p>"
        "<p>התושבים נוסעים עכשיו בדרך הארוכה סביב המפרץ, והמועצה הפעילה אוטובוס לעובדים.</p>"
        "<p>במספנה מחכים לחלק חדש לסירה הישנה, ואיש אינו רוצה לנקוב במועד לפני שיגיע.</p>"
        "<p>בבית הספר לומדים תשעה ילדים אצל מורה אחת, כי האחרים גרים בצד השני של המים.</p>"
        "</article>",
    )
    .replace("<meta charset='utf-8'>", "")
    .replace("lang='en'", "lang='he'")
    .encode("windows-1255")
)
