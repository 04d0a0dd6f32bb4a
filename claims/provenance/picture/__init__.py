"""The provenance graph as a picture made on the server, and the same as a list of sentences."""

from claims.provenance.picture.hops import Hop, hops
from claims.provenance.picture.parts import Link, Node, Picture, isolated, picture_of
from claims.provenance.picture.style import STYLE
from claims.provenance.picture.svg import draw

__all__ = ["STYLE", "Hop", "Link", "Node", "Picture", "draw", "hops", "isolated", "picture_of"]
