"""What the desk holds for or against a claim: attached, changed, withdrawn, vouched for."""

from claims.evidence.attach import attach as attach
from claims.evidence.change import change as change
from claims.evidence.change import remove as remove
from claims.evidence.change import sign_off as sign_off
from claims.evidence.change import withdraw as withdraw
from claims.evidence.fetched import could_not_fetch as could_not_fetch
from claims.evidence.fetched import fetched as fetched
