"""Asks a web process on this machine how it is; nothing of this leaves the machine."""

import http.client


def ask(path: str, *, host: str, port: int, site: str = "") -> tuple[int, bytes]:
    """Status and body of one GET; status 0 where nobody answers. ``site``: the Host to name."""
    link = http.client.HTTPConnection(host, port, timeout=5)
    try:
        link.request("GET", path, headers={"Host": site} if site else {})
        answer = link.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        link.close()
