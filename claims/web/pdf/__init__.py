"""PDFs: their words in reading order, page by page."""

from claims.web.pdf.reader import Document as Document
from claims.web.pdf.reader import document as document
