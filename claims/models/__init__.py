"""The nouns of the desk: what was said, what was found, and who works here."""

import claims.models.ledger  # noqa: F401 - Django must find the tables; the names stay inside
from claims.models.actors import SYSTEM as SYSTEM
from claims.models.actors import Actor as Actor
from claims.models.articles import Article as Article
from claims.models.articles import Candidate as Candidate
from claims.models.captures import ArchiveLink as ArchiveLink
from claims.models.captures import ArchiveRequest as ArchiveRequest
from claims.models.captures import Capture as Capture
from claims.models.captures import Reading as Reading
from claims.models.claim import Alert as Alert
from claims.models.claim import Claim as Claim
from claims.models.claim import Claimant as Claimant
from claims.models.claim import ClaimAuthor as ClaimAuthor
from claims.models.claim import ClaimPart as ClaimPart
from claims.models.claim import Tag as Tag
from claims.models.claim import Topic as Topic
from claims.models.coverage import ArchiveFile as ArchiveFile
from claims.models.coverage import ArchivePage as ArchivePage
from claims.models.coverage import Comparison as Comparison
from claims.models.coverage import CoverageItem as CoverageItem
from claims.models.coverage import CoverageProblem as CoverageProblem
from claims.models.coverage import CoverageRun as CoverageRun
from claims.models.evidence import Evidence as Evidence
from claims.models.jobs import Job as Job
from claims.models.outlets import Domain as Domain
from claims.models.outlets import Outlet as Outlet
from claims.models.outlets import Owner as Owner
from claims.models.people import ApiToken as ApiToken
from claims.models.people import IdempotencyKey as IdempotencyKey
from claims.models.people import Role as Role
from claims.models.people import User as User
from claims.models.provenance import OriginTrace as OriginTrace
from claims.models.provenance import ProvenanceEdge as ProvenanceEdge
from claims.models.provenance import SourceNode as SourceNode
from claims.models.provenance import Wording as Wording
from claims.models.rechecks import Recheck as Recheck
