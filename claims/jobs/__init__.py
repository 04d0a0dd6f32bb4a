"""Work as rows: wanted in a transaction, taken by one worker at a time, never left half done.

The row is the truth. The message that tells a worker is a hint, sent when the transaction
commits; it may be lost, doubled or late without harm, because taking a job is one
compare-and-swap and the sweep sends again what stayed waiting.

Order of locks, for everybody who takes more than one: claim, coverage run, job.
"""

from claims.jobs.alive import TOO_OLD as TOO_OLD
from claims.jobs.alive import Liveness as Liveness
from claims.jobs.alive import at_work as at_work
from claims.jobs.alive import liveness as liveness
from claims.jobs.alive import ping as ping
from claims.jobs.errors import Again as Again
from claims.jobs.errors import Fenced as Fenced
from claims.jobs.errors import GaveUp as GaveUp
from claims.jobs.errors import JobError as JobError
from claims.jobs.errors import Later as Later
from claims.jobs.held import ATTEMPTS_MAX as ATTEMPTS_MAX
from claims.jobs.held import Held as Held
from claims.jobs.held import beat as beat
from claims.jobs.held import fail as fail
from claims.jobs.held import own as own
from claims.jobs.held import succeed as succeed
from claims.jobs.held import take as take
from claims.jobs.sweeping import LOST_AFTER as LOST_AFTER
from claims.jobs.sweeping import Swept as Swept
from claims.jobs.sweeping import sweep as sweep
from claims.jobs.wanting import Wanted as Wanted
from claims.jobs.wanting import cancel as cancel
from claims.jobs.wanting import enqueue as enqueue
from claims.jobs.wanting import enqueue_all as enqueue_all
from claims.jobs.wanting import enqueue_anew as enqueue_anew
from claims.jobs.wanting import retry as retry
from claims.jobs.wanting import start_again as start_again
from claims.jobs.working import work as work
