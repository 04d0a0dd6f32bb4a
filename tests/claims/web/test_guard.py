"""The guard lets out what is public in every reading, and nothing else."""

import ast
import ipaddress
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web import guard
from claims.web.errors import REFUSAL, NoNames, Refused
from claims.web.guard import Policy, check, is_public, judge, system_resolver
from tests.shared import shared

ROOT = Path(guard.__file__).parents[2]
PUBLIC = ["93.184.216.34"]


def resolve(_: str) -> list[str]:
    return PUBLIC


def reason(url: str, found: list[str] | None = None) -> str:
    with pytest.raises(Refused) as caught:
        check(url, resolve=lambda _: PUBLIC if found is None else found)
    assert caught.value.message == REFUSAL
    assert caught.value.code == "address_refused"
    return caught.value.reason


def test_the_shared_examples_are_judged_as_they_say() -> None:
    cases = json.loads(shared("security/ssrf.json").read_text())
    assert set(judge(cases["block"]).values()) == {"block"}
    allowed = [case | {"id": case["url"]} for case in cases["allow"]]
    assert set(judge(allowed).values()) == {"allow"}


LOOPBACK = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001",
    "0x7f000001", "0X7F000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.0x0.0.01",
    "00000177.1", "127.0.0.1.", "127.000.000.001", "1\u00ad27.0.0.1", "127。0。0。1", "127．1",
    "127｡0｡0｡1", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "𝟏𝟐𝟕.0.0.1", "%31%32%37.0.0.1", "127%2e0.0.1",
    "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", "0", "0.0.0", "0x0", "0x", "00", "0.1",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "10.255.255.255", "10.1", "0xa.1", "012.0.0.1", "167772161", "0xA000001",
    "010.0.0.7", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1", "0xc0a80001",
    "3232235521", "0300.0250.0.1", "100.64.0.1", "100.127.255.255", "169.254.0.1",
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518",
    "168.63.129.16", "0xa83f8110", "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.0.170",
    "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "4294967295", "0.1.2.3",
    "037777777777",
]  # fmt: skip
NO_ADDRESS = [
    "256.256.256.256", "1.2.3.4.5", "4294967296", "0x100000000", "09.1.1.300", "1.2.3.256",
    "good.test.1", "good.0x1", "08.8.8.8", "8.8.8.09", "999999999999999999999999", "0" * 300,
]  # fmt: skip
IPV6 = [
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::2]", "[::127.0.0.1]", "[::7f00:1]", "[::808:808]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.7]", "[::ffff:8.8.8.8]",
    "[::ffff:0:10.0.0.7]", "[0:0:0:0:0:ffff:169.254.169.254]", "[64:ff9b::10.0.0.7]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::10.0.0.7]", "[100::1]",
    "[100:0:0:1::1]", "[2001::1]", "[2001:0:a00:7::1]", "[2001:2::1]", "[2001:10::1]",
    "[2001:20::1]", "[2001:30::1]", "[2001:db8::1]", "[2002:a00:7::1]", "[2002:808:808::1]",
    "[2a00:1450:4001:800:0:5efe:10.0.0.7]", "[2a00:1450:4001:800:200:5efe:a00:7]",
    "[2d00::1]", "[2e00::1]", "[3000::1]", "[3ffe::1]", "[3fff::1]", "[4000::1]", "[5f00::1]",
    "[8000::1]", "[e000::1]", "[fc00::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[2606:4700::1%25eth0]", "[2606:4700::1%1]",
    "[febf::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[200::1]", "[400::1]", "[1000::1]",
]  # fmt: skip
NO_HOST = [
    "", ".", "..", "good..test", ".good.test", "good.test..", "-good.test", "good-.test",
    "a" * 64 + ".test", ".".join(["abcdefgh"] * 32), "good test", "good<.test", "good%00.test",
    "good%2f.test", "good%40.test", "good%", "good%ff.test", "good／.test", "good：80.test",
    "good＠x.test", "℀.test", "good?.test".replace("?", "？"), "[::1", "::1]", "::1", "[::1]x",
    "[v1.x]", "[1.2.3.4]", "[]", "[::g]", "[１::1]", "2606:4700::1", "good*.test", "a,b.test",
    "good\u3000.test", "\u202egood.test", "good!.test", "xn--\u0430.test", "$(id).test",
]  # fmt: skip
INSIDE = [
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain",
    "localhost6.localdomain6", "intranet",
    "metadata", "instance-data", "metadata.google.internal", "METADATA.google.INTERNAL.",
    "printer.local", "nas.lan", "wiki.corp", "router.home", "fritz.home.arpa", "home.arpa",
    "a.intranet", "x.private", "kubernetes.default.svc", "x.svc.cluster.local", "ⓛocalhost",
    "ｌｏｃａｌｈｏｓｔ", "loc%61lhost", "good\u3002local", "x.onion", "ai",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK + PRIVATE + IPV6)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_inner_address_gets_out(scheme: str, host: str) -> None:
    assert reason(f"{scheme}://{host}/") in {"address", "host"}


@pytest.mark.parametrize("host", NO_ADDRESS + NO_HOST)
def test_what_is_no_host_gets_out_in_no_disguise(host: str) -> None:
    assert reason(f"http://{host}/") in {"host", "characters", "userinfo"}


@pytest.mark.parametrize("host", INSIDE)
def test_names_of_this_network_are_not_even_resolved(host: str) -> None:
    assert reason(f"http://{host}/") == "name"


@pytest.mark.parametrize(
    "address",
    [spelled.strip("[]") for spelled in IPV6]
    + ["127.0.0.1", "10.0.0.7", "169.254.169.254", "168.63.129.16", "0.0.0.1", "255.255.255.255"]
    + ["::ffff:93.184.216.34", "nonsense", "", "93.184.216.34 ", "0x7f.1"],
)
def test_one_inner_answer_of_a_resolver_is_enough(address: str) -> None:
    assert reason("http://both.test/", [address]) == "address"
    assert reason("http://both.test/", ["93.184.216.34", address]) == "address"
    assert reason("http://both.test/", [address, "93.184.216.34"]) == "address"


def test_a_name_without_an_answer_is_refused_in_the_same_words() -> None:
    assert reason("http://nowhere.test/", []) == "no_such_name"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://user@good.test/", "userinfo"),
        ("http://user:pass@good.test/", "userinfo"),
        ("http://@good.test/", "userinfo"),
        ("http://:@good.test/", "userinfo"),
        ("http://good.test@10.0.0.7/", "userinfo"),
        ("http://good.test:80@10.0.0.7/", "userinfo"),
        ("http://good.test:8080/", "port"),
        ("http://good.test:443/", "port"),
        ("https://good.test:80/", "port"),
        ("https://good.test:22/", "port"),
        ("http://good.test:0/", "port"),
        ("http://good.test:65616/", "port"),  # 80 modulo 65536
        ("http://good.test:99999999/", "host"),
        ("http://good.test:８０/", "host"),
        ("http://good.test:80:80/", "host"),
        ("http://good.test:-80/", "host"),
        ("http://good.test:0x50/", "host"),
        ("http://good.test:80 /", "characters"),
        ("http://good.test\\@10.0.0.7/", "characters"),
        ("http:\\\\good.test/", "characters"),
        ("http://good.test\t/", "characters"),
        ("http://good.test/\r\nHost: 10.0.0.7", "characters"),
        ("http://good.test/ HTTP/1.1", "characters"),
        (" http://good.test/", "characters"),
        ("http://good.test/\n", "characters"),
        ("http://good.test/\x00", "characters"),
        ("http://good.test/\x7f", "characters"),
        ("http:good.test/", "scheme"),
        ("http:/good.test/", "scheme"),
        ("http:///good.test/", "host"),
        ("http:////10.0.0.7/", "host"),
        ("//good.test/", "scheme"),
        ("good.test", "scheme"),
        ("", "scheme"),
        ("ftp://good.test/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://good.test/", "scheme"),
        ("dict://good.test:80/", "scheme"),
        ("ws://good.test/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("view-source:http://good.test/", "scheme"),
        ("jar:http://good.test/!/", "scheme"),
        ("url:http://10.0.0.7/", "scheme"),
        ("ｈｔｔｐ://good.test/", "scheme"),
        ("http+unix://%2Fvar%2Frun%2Fdocker.sock/", "scheme"),
        ("https://good.test/\ud800", "encoding"),
        ("https://good.test/" + "a" * 8175, "length"),
        ("https://good.test/" + "ü" * 4090, "length"),
    ],
)
def test_what_another_reader_could_take_for_another_host_is_refused(url: str, why: str) -> None:
    assert reason(url) == why


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://good.test", "http://good.test/"),
        ("HTTPS://GOOD.Test:443/A?b#c", "https://good.test/A?b"),
        ("http://good.test:080/", "http://good.test/"),
        ("http://good.test:/", "http://good.test/"),
        ("http://good.test./", "http://good.test/"),
        ("http://good.test?@10.0.0.7/", "http://good.test/?@10.0.0.7/"),
        ("http://good.test#@10.0.0.7/", "http://good.test/"),
        ("https://good.test/@somebody/post", "https://good.test/@somebody/post"),
        ("https://good.test/x?u=http://10.0.0.7/", "https://good.test/x?u=http://10.0.0.7/"),
        ("https://10.0.0.7.good.test/", "https://10.0.0.7.good.test/"),
        ("https://0x7f.good.test/", "https://0x7f.good.test/"),
        ("https://localhost.good.test/", "https://localhost.good.test/"),
        ("https://local.test/", "https://local.test/"),
        ("https://my_site.good.test/", "https://my_site.good.test/"),
        ("https://r3---sn-x.good.test/", "https://r3---sn-x.good.test/"),
        ("https://münchen.test/", "https://xn--mnchen-3ya.test/"),
        ("https://M%C3%9CNCHEN.test/", "https://xn--mnchen-3ya.test/"),
        ("https://faß.test/", "https://xn--fa-hia.test/"),
        ("https://xn--mnchen-3ya.test/", "https://xn--mnchen-3ya.test/"),
        ("https://موقع.وزارة-الاتصالات.مصر/", "https://xn--4gbrim.xn----ymcbaaajlc6dj7bxne2c.xn--wgbh1c/"),
        ("https://ｇｏｏｄ．test/", "https://good.test/"),
        ("https://good.test/été?q=ü{}", "https://good.test/%C3%A9t%C3%A9?q=%C3%BC%7B%7D"),
        ("https://good.test/a%0d%0ab", "https://good.test/a%0d%0ab"),
        ("http://9.9.9.9/", "http://9.9.9.9/"),
        ("http://1.1/", "http://1.0.0.1/"),
        ("http://0x08080808/", "http://8.8.8.8/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://172.15.255.255/", "http://172.15.255.255/"),
        ("http://172.32.0.1/", "http://172.32.0.1/"),
        ("http://11.0.0.1/", "http://11.0.0.1/"),
        ("http://100.63.255.255/", "http://100.63.255.255/"),
        ("http://100.128.0.1/", "http://100.128.0.1/"),
        ("http://169.253.1.1/", "http://169.253.1.1/"),
        ("http://192.167.1.1/", "http://192.167.1.1/"),
        ("http://198.17.0.1/", "http://198.17.0.1/"),
        ("http://198.20.0.1/", "http://198.20.0.1/"),
        ("http://223.255.255.255/", "http://223.255.255.255/"),
        ("http://168.63.129.17/", "http://168.63.129.17/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://[2A00:1450:4001:0800::200E]:443/x", "https://[2a00:1450:4001:800::200e]/x"),
        ("https://good.test/" + "a" * 8174, "https://good.test/" + "a" * 8174),
    ],
)  # fmt: skip
def test_what_is_public_in_every_reading_gets_out(url: str, asked: str) -> None:
    target = check(url, resolve=resolve)
    assert target.url == asked
    assert target.url == f"{target.scheme}://{target.authority}{target.path}"
    assert len(target.sockets) == 1
    assert target.sockets[0][1] == {"http": 80, "https": 443}[target.scheme]


def test_every_checked_answer_may_be_connected_to_in_the_resolvers_order() -> None:
    found = ["2606:2800:220:1::1", "93.184.216.34"]
    target = check("https://good.test/", resolve=lambda _: found)
    assert target.sockets == (("2606:2800:220:1::1", 443), ("93.184.216.34", 443))


def test_a_name_is_resolved_once_in_the_spelling_of_the_dns() -> None:
    asked: list[str] = []

    def listen(name: str) -> list[str]:
        asked.append(name)
        return PUBLIC

    check("https://MÜNCHEN.test./", resolve=listen)
    assert asked == ["xn--mnchen-3ya.test"]


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_is_public_that_python_calls_private(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(st.integers(0, 2**128 - 1))
def test_no_ipv6_address_is_public_that_hides_an_inner_one(number: int) -> None:
    address = ipaddress.IPv6Address(number)
    if is_public(address):
        assert address.is_global
        assert address.ipv4_mapped is None
        assert address.sixtofour is None
        assert address.teredo is None


@given(number=st.integers(0, 2**32 - 1), parts=st.integers(1, 4), bases=st.lists(
    st.sampled_from("dox"), min_size=4, max_size=4))  # fmt: skip
def test_every_spelling_of_an_address_is_judged_as_the_address(
    number: int, parts: int, bases: list[str]
) -> None:
    heads = [(number >> (24 - 8 * place)) & 255 for place in range(parts - 1)]
    last = number & ((1 << (8 * (5 - parts))) - 1)
    written = {"d": "{}", "o": "0{:o}", "x": "0x{:x}"}
    host = ".".join(
        written[base].format(part) for base, part in zip(bases, [*heads, last], strict=False)
    )
    try:
        sockets = check(f"http://{host}/", resolve=resolve).sockets
    except Refused:
        # Octal digits may also be read as decimal ones: then both readings have to be public.
        assert not is_public(ipaddress.IPv4Address(number)) or "o" in bases
    else:
        assert sockets == ((str(ipaddress.IPv4Address(number)), 80),)


@given(st.text(max_size=60))
def test_any_text_is_judged_and_nothing_else_happens(text: str) -> None:
    answers = judge([{"id": "a", "url": text}, {"id": "b", "url": f"http://{text}/"}])
    assert set(answers.values()) <= {"allow", "block"}


def test_a_case_without_an_address_is_blocked() -> None:
    cases: list[dict[str, object]] = [
        {"id": 1},
        {"id": 2, "url": None},
        {"id": 3, "url": 7},
        {"id": 4, "url": "http://a.test/", "resolves_to": []},
        {"id": 5, "url": "http://a.test/", "resolves_to": [None]},
    ]
    assert set(judge(cases).values()) == {"block"}


def test_a_stand_in_has_to_be_on_this_machine() -> None:
    here = Policy(stand_ins={"good.test": ("127.0.0.1", 4000)})
    assert check("http://good.test/", policy=here).sockets == (("127.0.0.1", 4000),)
    with pytest.raises(ValueError, match="on this machine"):
        Policy(stand_ins={"good.test": ("10.0.0.7", 80)})


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:8123", "[::1]:8123", "127.0.0.1"])
def test_loopback_is_reached_only_by_who_hands_over_the_permission(host: str) -> None:
    assert check(f"http://{host}/", policy=Policy(loopback=True)).sockets
    assert reason(f"http://{host}/")
    for other in ("10.0.0.7:8123", "192.168.0.1", "good.test:8123", "a.localhost:8123"):
        with pytest.raises(Refused):
            check(f"http://{other}/", policy=Policy(loopback=True), resolve=resolve)


@pytest.mark.parametrize("code", [socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM])
def test_a_resolver_out_of_order_says_nothing_about_the_name(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _raising(socket.gaierror(code, "no")))
    with pytest.raises(NoNames) as told:
        check("http://paper.test/")
    assert (told.value.code, "paper" in told.value.message) == ("dns", False)


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "no"), UnicodeError()])
def test_a_name_that_nobody_has_is_refused(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _raising(error))
    with pytest.raises(Refused):
        check("http://paper.test/")


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(guard, "LONGEST_LOOK_UP", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: over.wait(20) and [])
    with pytest.raises(NoNames):
        system_resolver("paper.test")
    over.set()


def _raising(error: Exception) -> Callable[..., object]:
    def look_up(*_: object, **__: object) -> object:
        raise error

    return look_up


def test_no_environment_opens_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEBUG", "TESTING", "DEMO", "ALLOW_LOOPBACK", "FACTCHECK_POLICY", "no_proxy"):
        monkeypatch.setenv(name, "1")
    assert reason("http://127.0.0.1/")
    for path in (ROOT / "claims/web").glob("*.py"):
        names = {name for name in ast.walk(ast.parse(path.read_text())) if _reads_settings(name)}
        assert not names, path
    assert Policy() == guard.PUBLIC


def test_nothing_in_the_house_but_the_demos_delivery_builds_a_permission() -> None:
    builders = {
        path.relative_to(ROOT).parts[:2]
        for folder in ("claims", "reviews", "factcheck", "seeds")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg in {"stand_ins", "loopback"}
    }
    assert builders <= {("reviews", "delivery")}


def _reads_settings(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute | ast.Name):
        return (node.attr if isinstance(node, ast.Attribute) else node.id) in {"environ", "getenv"}
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith(("django", "factcheck"))
    return isinstance(node, ast.Import) and node.names[0].name.startswith("django")
