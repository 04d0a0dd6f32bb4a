"""Walls, stubs and missing pages are told from news about such things, in many languages."""

import pytest

from claims.web.page import Page, read

NAV = (
    "<header><nav><a href='/'>Home</a> <a href='/login'>Sign in</a> <a>Abonnez-vous</a>"
    " <a>Suscríbete</a></nav></header>"
)
BANNER = (
    "<div id='cookie-banner'><p>We value your privacy. We and our partners use cookies.</p>"
    "<button>Accept all cookies</button><button>Manage consent</button></div>"
)
LETTER = (
    "<aside class='newsletter'><h3>Subscribe to our newsletter</h3><input type='email'></aside>"
)
FOOT = "<footer><p>Terms · Privacy · Manage cookies</p></footer>"
LEAD = "The council of Tarn has decided to close the old weir before autumn, the mayor said. "


def page(body: str, *, title: str = "", head: str = "", url: str = "/news/weir") -> Page:
    text = (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )
    address = url if url.startswith("http") else f"https://www.tarncourier.example{url}"
    return read(text.encode(), url=address, media_type="text/html", charset="utf-8")


def article(
    title: str, *said: str, more: str = "", head: str = "", url: str = "/news/weir"
) -> Page:
    paragraphs = "".join(f"<p>{each}</p>" for each in said)
    body = f"{NAV}<main><article><h1>{title}</h1>{paragraphs}</article></main>{more}{FOOT}"
    return page(body, title=title, head=head, url=url)


@pytest.mark.parametrize(
    ("title", "heading", "said"),
    [
        ("Courier", "Oops!", "We can’t find the page you’re looking for."),
        ("Courier", "Hmm.", "That page doesn't exist. Try searching."),
        ("Courier", "This story has been removed", "For legal reasons we cannot show it."),
        ("404 | The Courier", "Lost at sea?", "Nothing to see here."),
        ("HTTP 410 Gone", "Gone", "It is gone."),
        ("Talbote", "Hier ist nichts", "Die gewünschte Seite konnte nicht gefunden werden."),
        ("Oups", "Erreur 404", "Cette page n’existe plus."),
        ("Correo", "¡Vaya! No encontramos la página", "Vuelve a la portada."),
        ("Correio", "Ops", "A página que você procura não existe ou foi removida."),
        ("Posta", "Ops", "La pagina che cerchi non è stata trovata."),
        ("Koerier", "Pagina niet gevonden", "De pagina die u zoekt bestaat niet meer."),
        ("Kurier", "Nie znaleziono strony", "Strona została usunięta."),
        ("Курьер", "Ошибка", "Такой страницы не существует."),
        ("Kurye", "Sayfa bulunamadı", "Sayfa kaldırılmış olabilir."),
        ("البريد", "خطأ", "لم يتم العثور على الصفحة المطلوبة."),
        ("השליח", "הדף לא נמצא", "הדף שחיפשת אינו קיים."),
        ("پیک", "خطا", "صفحه مورد نظر یافت نشد"),
        ("信使报", "页面不存在", "抱歉，您访问的页面不存在或已被删除。"),
        ("新報", "エラー", "お探しのページは見つかりませんでした。"),
        ("신보", "오류", "요청하신 페이지를 찾을 수 없습니다."),
        ("Ταχυδρόμος", "Η σελίδα δεν βρέθηκε", "Η σελίδα δεν υπάρχει."),
        ("Kuriren", "Sidan hittades inte", "Sidan du söker finns inte längre."),
        ("Kurýr", "Stránka nenalezena", "Požadovaná stránka neexistuje."),
        ("Futár", "Hiba", "A keresett oldal nem található."),
        ("Kurir", "Maaf", "Halaman yang Anda cari tidak ditemukan."),
    ],
)
def test_a_page_that_says_it_is_gone_is_believed(title: str, heading: str, said: str) -> None:
    body = f"{NAV}<main><h1>{heading}</h1><p>{said}</p></main>{BANNER}{FOOT}"
    assert "soft_404" in page(body, title=title).oddities


@pytest.mark.parametrize(
    ("heading", "said", "button"),
    [
        ("Your choice matters", ("We and our 832 partners store and access information on a"
         " device, such as cookies, to process personal data."), "I agree"),
        ("Welcome", "By clicking agree you consent to our use of cookies.", "Agree"),
        ("Mit Werbung weiterlesen", "Wir und unsere bis zu 180 Partner verarbeiten Daten.", "Abo"),
        ("Bienvenue", "Avec nos 740 partenaires, nous utilisons des cookies.", "Tout accepter"),
        ("Hola", "Nosotros y nuestros socios usamos cookies.", "Aceptar y continuar"),
        ("Ciao", "Noi e i nostri partner archiviamo informazioni.", "Accetta e continua"),
        ("Toestemming", "Wij en onze partners slaan informatie op.", "Akkoord"),
        ("Szanujemy Twoją prywatność", "My i nasi partnerzy przechowujemy dane.", "Dalej"),
        ("Vi värnar om din integritet", "Vi och våra partner lagrar uppgifter.", "Godkänn alla"),
        ("Kurýr", "My a naši partneři ukládáme informace v zařízení.", "Přijmout vše"),
    ],
)  # fmt: skip
def test_a_page_that_asks_for_consent_first_is_a_wall(
    heading: str, said: str, button: str
) -> None:
    body = f"<div class='cmp'><h1>{heading}</h1><p>{said}</p><a role='button'>{button}</a></div>"
    assert "consent_wall" in page(body, title="Courier").oddities


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Access Denied", "You don't have permission to access this on this server."),
        ("Security check", "Please complete the security check to access the site"),
        ("Robot Check", "Enter the characters you see below."),
        ("Courier", "Please make sure your browser supports JavaScript and cookies."),
        ("Courier", "Our systems have detected unusual traffic from your computer network."),
        ("429", "<h1>Too Many Requests</h1>"),
        ("Проверка", "Подтвердите, что вы не робот"),
        ("安全验证", "请完成安全验证以继续访问"),
        ("Courier", "We're verifying your browser"),
        ("Making sure you’re not a bot!", "Loading…"),
    ],
)
def test_a_page_that_looks_for_robots_is_a_wall(title: str, said: str) -> None:
    assert "bot_wall" in page(f"<p>{said}</p>", title=title).oddities


@pytest.mark.parametrize(
    "said",
    [
        "This article is for subscribers only. Subscribe for £1 a week.",
        "You have reached your limit of free articles.",
        "Want to read the rest? Start your free trial today and unlock this story.",
        "Get unlimited access for $1. Already a subscriber? Log in",
        "Jetzt Abo abschließen und weiterlesen.",
        "Il vous reste 82 % de cet article à lire.",
        "Suscríbete para seguir leyendo.",
        "Assine para continuar lendo.",
        "Questo contenuto è riservato agli abbonati.",
        "Word abonnee en lees verder.",
        "Kup prenumeratę, aby czytać dalej.",
        "הכתבה זמינה למנויים בלבד",
        "この記事は有料会員限定です。残り1,240文字",
        "本文为付费内容，订阅后可阅读全文。",
        "Материал доступен только подписчикам.",
        "Доступно только для подписчиков",
        "Оформите подписку, чтобы читать дальше",
        "To read the full story, subscribe now for $1 a week.",
        "Create a free account to keep reading",
    ],
)
def test_the_beginning_of_an_article_before_a_till_is_a_stub(said: str) -> None:
    stub = article("Old weir to close", LEAD, more=f"<div class='paywall'><p>{said}</p></div>")
    assert "paywall_stub" in stub.oddities


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Search for boy goes on", ("Rescuers searched the woods, but the boy was not found. His"
         " mother last saw him at the mill. The search goes on at first light, the police said.")),
        ("Statue removed", ("The statue was removed on Friday. The article was removed from the"
         " catalogue of monuments last year, the museum said. It had stood there since 1904.")),
        ("Bus 404 back in service", ("The 404 bus runs again from Monday, the county said. The"
         " road had been closed since the landslide. Drivers on the 410 will see no change.")),
        ("Missing page found in attic", ("A missing page of the town book has been found. The page"
         " was removed in 1811 by a clerk, historians say; it lists who owned the mills.")),
        ("County website was down", ("The website was unavailable for two hours. The page for"
         " school places could not be found at all until noon, parents said on Monday night.")),
        ("Regulator fines site", ("The regulator has fined a shop because its button “Accept all"
         " cookies” was large and the other hidden. People could not manage cookie settings.")),
        ("Parents must consent", ("Parents must consent to the vaccination before Friday, the"
         " county said. Forms went out last week. Those who do not consent to it do nothing.")),
        ("Pause", ("Avant de continuer les discussions, les ministres ont demandé une pause mardi"
         " soir. Les négociations sur l’eau reprendront jeudi matin, a indiqué la préfecture.")),
        ("Fabrik baut aus", ("„Wir und unsere Partner werden 40 Leute einstellen“, sagte die"
         " Leiterin der Papierfabrik am Montag. Die neue Halle soll im Sommer stehen.")),
        ("Reporters denied entry", ("Access denied, said a note on the door. The clerk said that"
         " unusual traffic on the stairs had made it necessary. The hearing goes on next week.")),
        ("Are you a robot? Show opens", ("“Are you a robot?” is the name of a show that opens on"
         " Saturday at the mill. It asks how people and machines live together, until May.")),
        ("Paper raises its price", ("Subscribers will pay 90 pounds a year, and the subscription"
         " will also give access to the archive. Readers who are not a subscriber can buy it.")),
        ("Le barrage ferme", ("Le conseil a décidé mardi de fermer le vieux barrage, a annoncé le"
         " maire. Les habitants passeront par le pont d’en haut jusqu’à l’été prochain.")),
        ("Le randonneur reste introuvable", ("Le randonneur reste introuvable, ont annoncé les"
         " secours lundi. Les recherches reprendront mardi à l’aube avec quarante bénévoles.")),
    ],
)  # fmt: skip
def test_a_brief_about_such_things_is_news(title: str, said: str) -> None:
    brief = article(title, said, more=BANNER + LETTER)
    assert set(brief.oddities) <= {"little_text"}


def test_words_are_counted_where_no_spaces_stand_between_them() -> None:
    said = "山谷议会决定在秋季洪水之前关闭旧堰，市长星期二表示。居民将不得不绕道而行。"
    assert article("旧堰将关闭", said * 2).oddities == ()
    assert "little_text" in article("旧堰将关闭", said[:20]).oddities


@pytest.mark.parametrize(
    "path",
    ["/culture/live-music-returns", "/lives-lost-at-sea", "/livestock/prices", "/champ/printing",
     "/amplifier?view=1", "/camp/news?view=full"],
)  # fmt: skip
def test_an_address_that_only_begins_alike_is_no_twin_and_no_liveblog(path: str) -> None:
    assert article("Weir", LEAD * 20, url=path).oddities == ()


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://amp.tarncourier.example/weir", "amp"),
        ("https://www.tarncourier.example/weir.amp.html", "amp"),
        ("https://www.tarncourier.example/weir?outputType=amp", "amp"),
        ("https://x.cdn.ampproject.org/c/s/www.tarncourier.example/weir", "amp"),
        ("https://www.tarncourier.example/weir?view=print", "print"),
        ("https://www.tarncourier.example/drucken/weir", "print"),
        ("https://mobile.tarncourier.example/weir", "mobile"),
        ("https://www.tarncourier.example/news/live/flood", "liveblog"),
        ("https://www.tarncourier.example/flood-live-updates", "liveblog"),
    ],
)
def test_an_address_tells_which_view_of_a_page_it_is(url: str, label: str) -> None:
    assert label in article("Weir", LEAD * 20, url=url).oddities


@pytest.mark.parametrize(
    ("script", "is_sent"),
    [
        ("window.location.replace('https://x.example/a')", True),
        ("setTimeout(function () { location.href = `/a` }, 10)", True),
        ("var u = '/a'; top.location = u;", True),
        ("form.onsubmit = function () { window.location.href = '/search' }", False),
        ("if (top.location == self.location) { go() }", False),
        ("var geolocation = '/a'", False),
    ],
)
def test_a_script_that_leads_elsewhere_does_so_without_a_click(
    script: str, *, is_sent: bool
) -> None:
    found = page(f"<div id=root></div><script>{script}</script>")
    assert ("script_redirect" in found.oddities) == is_sent


def test_a_log_in_beside_an_article_is_no_wall() -> None:
    form = "<form><p>Sign in to comment</p><input type='password'></form>"
    assert "login_wall" not in article("Weir", LEAD * 3, more=form).oddities
    wall = "<form><h1>Log in to continue</h1><input type='password'></form>"
    assert "login_wall" in page(wall, title="Courier").oddities
