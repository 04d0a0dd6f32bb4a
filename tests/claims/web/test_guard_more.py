"""More ways to name what is inside, and what must still be let through, judged as measured."""

import pytest

from claims.web.guard import judge

LONG = 8192

# Addresses inside, by the URL alone.
SPELLED = """
http://127.0.0.1:80/ http://127.00.00.01/ http://0177.0.0.0x1/ http://0x7F.0X0.0x0.1/
http://0x7f000001./ http://2130706433./ http://017700000001/ http://0000000000017700000001/
http://0x00000000007f000001/ http://127.65530/ http://127.0.65534/ http://127.0x10001/
http://127.0.0.1%2e/ http://127.0.0.%31/ http://%30x7f.1/ http://12%37.1/ http://127%E3%80%820.0.1/
http://１２７.1/ http://1２7。0．0｡1/ http://⑴27.0.0.1/ http://⓵27.0.0.1/ http://𝟘x7f.1/
http://0ｘ7f.1/ http://0Ⅹ7f.1/ http://²130706433/ http://2130706433。/
http://0/ http://0:80/ http://00000/ http://0x0.0/ http://0.0.0.0./ http://0.255.255.255/
http://010.8.8.8/ http://10.0x0.1/ http://10.65793/ http://0012.0.0.1/ http://0xA.0.0.1./ http://0x0a000001/
http://172.1048576/ http://172.1048577/ http://0254.020.0.1/ http://2886729729/ http://172.31.0xffff/
http://192.168/ http://192.11010049/ http://3232235777/ http://0xC0.0xA8.0.1/ http://0300.0xa8.257/
http://169.254.169.254./ http://169.16689662/ http://0xA9.0xFE.0xA9.0xFE/ http://425.510.425.510/
http://0251.254.0xa9fe/ http://２８５２０３９１６６/ http://169.254.170.2/ http://169.254.0.23/
http://169.254.1.1/ http://100.100.100.200/ http://0x646464c8/ http://1684300232/
http://100.6579400/ http://192.0.0.192/ http://0xc00000c0/ http://3221225664/ http://192.192/
http://१२७.०.०.१/ http://127.0.0.१/ http://۱۲۷.۰.۰.۱/ http://metadata.goog/
http://168.63.129.16/ http://2822734096/ http://0xA8.0x3F.0x8110/ http://168.4161808/
http://198.18.0.1/ http://198.19.65535/ http://192.88.99.2/ http://233.252.0.1/ http://0xe0000001/
http://255.255.255.255/ http://4294967295/ http://037777777777/ http://240.1/ http://255.16777215/
http://[::]/ http://[0::0]/ http://[::0.0.0.0]/ http://[::1]:80/ http://[0000:0000::0001]/
http://[::ffff:0:0]/ http://[::FFFF:127.0.0.1]/ http://[::ffff:7f01:203]/ http://[::ffff:c0a8:1]/
http://[0:0:0:0:0:FFFF:A9FE:A9FE]/ http://[::ffff:100.100.100.200]/ http://[::ffff:168.63.129.16]/
http://[::ffff:192.0.0.192]/ http://[::ffff:93.184.216.34]/ http://[::5db8:d822]/
http://[::ffff:0:127.0.0.1]/ http://[64:ff9b::]/ http://[64:ff9b::7f00:1]/ http://[64:FF9B::1]/
http://[64:ff9b::100.100.100.200]/ http://[64:ff9b::168.63.129.16]/ http://[64:ff9b::c000:c0]/
http://[64:ff9b:0:0:0:0:a00:1]/ http://[64:ff9b:1::]/ http://[64:ff9b:1:7f00:0:100::]/
http://[64:ff9b:1:ffff:ffff:ffff:ffff:ffff]/ http://[64:ff9b:1:a9fe:a9:fe00::]/
http://[2002::]/ http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::1]/ http://[2002:c0a8:101::]/
http://[2002:6464:64c8::]/ http://[2002:5db8:d822::]/ http://[2001::]/ http://[2001:0:7f00:1::]/
http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/ http://[2001:0:0:0:0:0:5601:5601]/
http://[2001:470:1:2:0:5efe:7f00:1]/ http://[2600::5efe:127.0.0.1]/
http://[2a01:4f8::200:5efe:169.254.169.254]/ http://[fe80::5efe:10.0.0.1]/
http://[fe80::a9fe:a9fe]/ http://[fe80::1%25lo]/ http://[fe80::1%2525lo]/ http://[::1%25lo]/
http://[::1%0]/ http://[2600::1%25eth0]/ http://[2600::1%]/ http://[fd00:ec2::254]/
http://[fd00:0ec2:0::0254]/ http://[fd00:42::42]/ http://[fd20:ce::254]/ http://[fc00::]/
http://[fdff:ffff::1]/ http://[fec0::ffff]/ http://[feff::1]/ http://[ff01::1]/ http://[ff05::2]/
http://[ff3e::8000:1]/ http://[2001:db8:ffff::1]/ http://[3fff:fff::1]/ http://[5f00::2]/
http://[100::]/ http://[100:0:0:1::]/ http://[2001:2:0:1::1]/ http://[2001:1f::1]/
http://[2001:2f:ffff::1]/ http://[::2600:1]/ http://[1::1]/ http://[e000::1]/
http://localhost/ http://LocalHost./ http://app.localhost/ http://ｌocalhost/ http://localhost%2e/
http://metadata/ http://metadata.google.internal./ http://metadata.azure.internal/
http://computeMetadata.google.internal/ http://instance-data.ec2.internal/ http://db.internal/
http://host.docker.internal/ http://gateway.docker.internal/ http://api.svc.cluster.local/
http://router.lan/ http://x.home.arpa./ http://a.b.onion/ http://redis/ http://postgres:80/
""".split()
# What two readers may take for two hosts, what is no web address, what leads by another way.
TRICKS = [
    "http://good.test@127.0.0.1/",
    "http://127.0.0.1@good.test/",
    "http://@good.test/",
    "http://:@good.test/",
    "http://good.test%40127.0.0.1/",
    "http://good.test\\@127.0.0.1/",
    "http:\\\\good.test/",
    "http:/\\good.test/",
    "http://good.test\\.inner.test/",
    "http://good.test/\\..\\x",
    "http://good.test\t/",
    "ht\ttp://good.test/",
    "http://go\nod.test/",
    "\nhttp://good.test/",
    " http://good.test/",
    "http://good.test/ ",
    "http://good.test/\r\nHost: inner",
    "http://good.test/\x00",
    "http://good.test/\x7f",
    "http://good.test#@127.0.0.1\\",
    "http:good.test/",
    "http:/good.test/",
    "http:///good.test/",
    "//good.test/",
    "good.test/",
    "http://",
    "http:///",
    "http://?x",
    "http://#x",
    "http://:80/",
    "http://[good.test]/",
    "http://[::1/",
    "http://good.test:81/",
    "https://good.test:80/",
    "http://good.test:8080/",
    "http://good.test:65616/",
    "http://good.test:080080/",
    "http://good.test:-80/",
    "http://good.test:+80/",
    "http://good.test:80:80/",
    "http://good.test:８０/",
    "http://good.test:0x50/",
    "http://good.test:22/",
    "ftp://good.test/",
    "file:///etc/passwd",
    "gopher://good.test/",
    "dict://good.test/",
    "data:text/html,x",
    "javascript:alert(1)",
    "jar:http://good.test!/",
    "view-source:http://good.test/",
    "ws://good.test/",
    "httpx://good.test/",
    "ｈttp://good.test/",
    "",
    "http://good.test/" + "a" * LONG,
    "http://good.test/?" + "é" * (LONG // 2),
    "http://good.test/#" + "a" * LONG,
    "http://" + "a" * 64 + ".test/",
    "http://good..test/",
    "http://.good.test/",
    "http://good.test../",
    "http://good\u200b。。test/",
    "http://g\u202eood.test/",
    "http://xn--.test/",
]
# Names, by what the resolver says.
INNER_ANSWERS = [
    ["127.0.0.1"],
    ["93.184.216.34", "10.0.0.1"],
    ["10.0.0.1", "93.184.216.34"],
    ["93.184.216.34", "2606:4700::1111", "::1"],
    ["93.184.216.34", "fd00:ec2::254"],
    ["93.184.216.34", "169.254.169.254"],
    ["100.100.100.200"],
    ["192.0.0.192"],
    ["168.63.129.16"],
    ["::ffff:169.254.169.254"],
    ["64:ff9b::a00:1"],
    ["64:ff9b:1::a00:1"],
    ["2002:7f00:1::"],
    ["2001:0:1::1"],
    ["2a00:1450::5efe:a00:1"],
    ["fe80::1%eth0"],
    ["2600::1%eth0"],
    ["0.0.0.0"],
    ["::"],
    ["255.255.255.255"],
    ["224.0.0.251"],
    ["2130706433"],
    ["0x7f000001"],
    ["127.1"],
    ["010.0.0.1"],
    ["93.184.216.34 "],
    ["93.184.216.34", ""],
    ["nonsense"],
    [],
]
NO_ANSWERS = ["127.0.0.1", {"a": 1}, 5, True, [None], [["93.184.216.34"]], [16843009]]
PUBLIC = [
    "http://good.test",
    "http://good.test/",
    "HTTP://GOOD.TEST/",
    "http://good.test:80/",
    "http://good.test:/",
    "http://good.test:00080/",
    "https://good.test:443/a?b#c",
    "http://good.test./",
    "http://good.test?x=http://127.0.0.1/",
    "http://good.test/http://127.0.0.1/",
    "http://good.test/#http://[::1]/",
    "http://good.test/a@127.0.0.1",
    "http://good.test/é?ü=1",
    "http://good.test/" + "a" * (LONG - 17),
    "http://bücher.test/",
    "http://XN--BCHER-KVA.test/",
    "http://עיתון.test/",
    "http://صحيفة.test/",
    "http://good。test/",
    "http://ｇｏｏｄ.test/",
    "http://a-b.good.test/",
    "http://127.0.0.1.good.test/",
    "http://10.good.test/",
    "http://localhost.good.test/",
    "http://mylocal.test/",
    "http://8.8.8.8/",
    "http://134744072/",
    "http://0x08080808/",
    "http://172.16/",
    "http://11.0.0.1/",
    "http://100.63.255.255/",
    "http://100.128.0.1/",
    "http://126.255.255.255/",
    "http://128.0.0.1/",
    "http://168.63.129.17/",
    "http://169.253.255.255/",
    "http://172.15.0.1/",
    "http://172.32.0.1/",
    "http://192.0.1.1/",
    "http://192.167.1.1/",
    "http://198.17.0.1/",
    "http://198.20.0.1/",
    "http://223.255.255.254/",
    "http://[2606:4700:4700::1111]/",
    "http://[2606:4700:4700:0:0:0:0:1111]:80/",
    "https://[2a00:1450:4001:800::200e]/",
    "http://[2001:4860:4860::8888]/",
    "http://[2001:200::1]/",
    "http://[2003::1]/",
]


def verdict(url: object, **more: object) -> str:
    return judge([{"id": "one", "url": url, **more}])["one"]


@pytest.mark.parametrize("url", [*SPELLED, *TRICKS])
def test_it_does_not_get_out(url: str) -> None:
    assert verdict(url) == "block"
    if url.startswith("http://"):
        assert verdict(f"https://{url.removeprefix('http://')}") == "block"


@pytest.mark.parametrize("found", [*INNER_ANSWERS, *NO_ANSWERS])
def test_a_name_with_one_inner_or_senseless_answer_does_not_get_out(found: object) -> None:
    assert verdict("http://good.test/", resolves_to=found) == "block"


@pytest.mark.parametrize("url", PUBLIC)
def test_what_is_public_is_let_through(url: str) -> None:
    assert verdict(url) == "allow"


@pytest.mark.parametrize("found", [["93.184.216.34", "2606:4700::1111"], ["1.1.1.1"]])
def test_a_name_with_public_answers_alone_is_let_through(found: list[str]) -> None:
    assert verdict("http://good.test/", resolves_to=found) == "allow"


@pytest.mark.parametrize("url", [None, 5, [], {}, True])
def test_a_case_without_an_address_is_none(url: object) -> None:
    assert verdict(url) == "block"
