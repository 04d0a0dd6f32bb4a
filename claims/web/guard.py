"""Decides, before anything leaves the house, whether an address may be asked."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from claims.web.errors import BadAddress, NoNames, Refused
from claims.web.host import Host, IPAddress, read_host

LONGEST_URL = 8192
PORTS = {"http": 80, "https": 443}
# A reason of its own: whoever looks again at a page wants to know that its host is no more.
NO_SUCH_NAME = "no_such_name"
LONGEST_LOOK_UP = 5.0
# What a resolver says of the name itself; all its other complaints are about the resolver.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})

Resolve = Callable[[str], Iterable[str]]
"""From an ASCII host name to its addresses as text; empty when there are none.

Raises ``NoNames`` when nobody could be asked: that says nothing about the name.
"""

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?", re.ASCII)
# Browsers read a backslash as a slash and drop tabs and line ends; other programs do not. What
# two readers take for two different hosts is nobody's address.
TRICKS = re.compile(r"[\x00-\x20\x7f\\]")
_UNSAFE = re.compile(rb"[^\x21-\x7e]|[\"<>^`{|}]")

# Names that mean this machine or this network, whatever a resolver says (RFC 6761, 6762 and its
# appendix G, 7686, 8375, 9476; "internal" by ICANN's resolution of 2024).
_INSIDE = frozenset(
    {"localhost", "localdomain", "localdomain6", "local", "internal", "intranet", "private"}
    | {"corp", "home", "lan", "svc", "onion", "alt"}
)
# The second is another name of a metadata service, in a zone of the public internet.
_INSIDE_ZONES = ("home.arpa", "metadata.goog")


def _networks(*written: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(network) for network in written)


# IANA's special-purpose registries, written out: what ``ipaddress`` calls global differs from one
# Python to the next, and some of what it calls global is no place for a fetch.
_CLOSED_4 = _networks(
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT, Alibaba's metadata
    "127.0.0.0/8",
    "168.63.129.16/32",  # Azure's wire server, in public space
    "169.254.0.0/16",  # link-local and most metadata services
    "172.16.0.0/12",
    "192.0.0.0/24",  # protocol assignments, Oracle's metadata
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays, withdrawn
    "192.168.0.0/16",
    "198.18.0.0/15",  # benchmarking
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_6 = _networks(
    "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4: an IPv4 address inside, any
    "2d00::/8",  # not given to anybody yet, as the next two
    "2e00::/7",
    "3000::/4",
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be reached besides the public internet. In production: nothing.

    There is no setting and no environment variable for this: somebody has to build the object and
    hand it over, as tests do, and the demo for its webhook receiver.
    ``stand_ins`` answers for whole hosts with a socket on this machine: host → (address, port).
    ``loopback``: literal loopback addresses and "localhost" are allowed, on any port.
    ``certificate``: a file with a certificate to trust for stand-ins on https.
    """

    stand_ins: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    loopback: bool = False
    certificate: str = ""

    def __post_init__(self) -> None:
        for address, _ in self.stand_ins.values():
            if not ipaddress.ip_address(address).is_loopback:
                raise ValueError(f"a stand-in has to be on this machine, not at {address}")


PUBLIC = Policy()


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked: connect to one of ``sockets`` and to nothing else.

    ``url`` is what was asked for, in ASCII and without fragment; ``path`` the request target.
    """

    url: str
    scheme: str
    host: str
    authority: str
    path: str
    sockets: tuple[tuple[str, int], ...]


def system_resolver(name: str) -> list[str]:
    """The addresses that this machine's resolver knows for *name*, in its order of preference.

    Raises ``NoNames`` while the resolver itself is out of order, or slower than a fetch may be.
    """
    answer: Future[list[str]] = Future()
    # The library waits as long as it likes; a thread of its own can be left behind.
    threading.Thread(target=_look_up, args=(name, answer), daemon=True).start()
    try:
        return answer.result(timeout=LONGEST_LOOK_UP)
    except TimeoutError as error:
        raise NoNames from error


def _look_up(name: str, answer: "Future[list[str]]") -> None:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except socket.gaierror as error:
        if error.errno in _NO_SUCH_NAME:
            answer.set_result([])
        else:
            answer.set_exception(NoNames())
    except UnicodeError:
        answer.set_result([])
    except BaseException as error:  # noqa: BLE001 - whatever it is belongs to who asked
        answer.set_exception(error)


def check(url: str, *, resolve: Resolve = system_resolver, policy: Policy | None = None) -> Target:
    """*url* as a checked target, or ``Refused``. Resolves the host once, connects to nothing.

    Raises ``NoNames`` where the host's name could not be looked up: it may be fine later.
    """
    policy = policy or PUBLIC
    scheme, host, port, path = _read(url)
    authority = host.authority if port == PORTS[scheme] else f"{host.authority}:{port}"
    return Target(
        url=f"{scheme}://{authority}{path}",
        scheme=scheme,
        host=host.name,
        authority=authority,
        path=path,
        sockets=_sockets(host, port, scheme, resolve=resolve, policy=policy),
    )


def is_public(address: IPAddress) -> bool:
    """Whether *address* belongs to somebody on the public internet, in its own right."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _CLOSED_4)
    if address.scope_id or address not in _GLOBAL_6 or not address.is_global:
        return False
    if any(address in network for network in _CLOSED_6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP


def judge(cases: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """``{id: "allow" or "block"}`` for the cases of ``./desk measure ssrf``; connects to nothing.

    A case has ``id``, ``url`` and perhaps ``resolves_to``; a name without it is public.
    """
    answers = {}
    for case in cases:
        given = case.get("resolves_to")
        # An answer that is no list of addresses is no address: the guard lets nothing through.
        found = ("93.184.216.34",) if given is None else _answer_of(given)
        try:
            check(str(case.get("url")), resolve=_always(found))
        except Refused:
            answers[str(case.get("id"))] = "block"
        else:
            answers[str(case.get("id"))] = "allow"
    return answers


def _answer_of(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else ()


def _always(found: tuple[str, ...]) -> Resolve:
    return lambda _name: found


def _read(url: str) -> tuple[str, Host, int, str]:
    try:
        size = len(url.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise Refused("encoding") from error
    if size > LONGEST_URL:
        raise Refused("length")
    if TRICKS.search(url):
        raise Refused("characters")
    parts = _URL.fullmatch(url)
    if parts is None or parts["scheme"].lower() not in PORTS:
        raise Refused("scheme")
    scheme = parts["scheme"].lower()
    if "@" in parts["authority"]:
        raise Refused("userinfo")
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise Refused("host")
    try:
        host = read_host(authority["host"])
    except BadAddress as error:
        raise Refused("host") from error
    port = int(authority["port"]) if authority["port"] else PORTS[scheme]
    path = _encoded((parts["path"] or "/") + (parts["query"] or ""))
    return scheme, host, port, path


def _sockets(
    host: Host, port: int, scheme: str, *, resolve: Resolve, policy: Policy
) -> tuple[tuple[str, int], ...]:
    if policy.loopback and _is_loopback(host):
        address = str(host.addresses[0]) if host.addresses else "127.0.0.1"
        return ((address, port),)
    if port != PORTS[scheme]:
        raise Refused("port")
    if host.name in policy.stand_ins:
        return (policy.stand_ins[host.name],)
    return tuple((address, port) for address in _addresses(host, resolve))


def _is_loopback(host: Host) -> bool:
    if host.addresses:
        return all(address.is_loopback for address in host.addresses)
    return host.name == "localhost"


def _addresses(host: Host, resolve: Resolve) -> list[str]:
    if host.addresses:
        if not all(map(is_public, host.addresses)):
            raise Refused("address")
        return [str(host.addresses[0])]
    if _means_inside(host.name):
        raise Refused("name")
    try:
        found = [ipaddress.ip_address(answer) for answer in resolve(host.name)]
    except ValueError as error:
        raise Refused("address") from error
    if not found:
        raise Refused(NO_SUCH_NAME)
    # One private answer among public ones is enough: the next look-up may bring only that one.
    if not all(map(is_public, found)):
        raise Refused("address")
    return [str(address) for address in found]


def _means_inside(name: str) -> bool:
    # Names of one label are looked up in the search domains of this network.
    return (
        "." not in name
        or name.rpartition(".")[2] in _INSIDE
        or any(name == zone or name.endswith(f".{zone}") for zone in _INSIDE_ZONES)
    )


def _encoded(path: str) -> str:
    raw = path.encode("utf-8")
    return _UNSAFE.sub(lambda byte: b"%%%02X" % byte[0][0], raw).decode("ascii")
