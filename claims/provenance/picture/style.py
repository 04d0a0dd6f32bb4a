"""What the page's style sheet adds to the picture; without it the picture is black on white."""

STYLE = """\
.prov { color: var(--prov-ink, #1b1b1f); font-family: inherit; max-width: none; }
.prov-box { fill: var(--prov-paper, #fff); stroke: var(--prov-ink, #1b1b1f); }
.prov-under { fill: var(--prov-paper, #fff); stroke: var(--prov-ink, #1b1b1f); }
.prov-wording { fill: var(--prov-shade, #f1f0ec); }
.prov-ring { fill: none; stroke: var(--prov-ink, #1b1b1f); }
.prov-text { fill: var(--prov-ink, #1b1b1f); }
.prov-soft { fill: var(--prov-soft, #55555f); }
.prov-link { fill: none; stroke: var(--prov-ink, #1b1b1f); }
.prov-head { fill: var(--prov-ink, #1b1b1f); }
.prov-halo { stroke: var(--prov-ground, #fff); }
.prov-badge { fill: var(--prov-ink, #1b1b1f); }
.prov-badge-text { fill: var(--prov-paper, #fff); }
.prov a:focus-visible .prov-box, .prov a:hover .prov-box { stroke-width: 3; }
@media (prefers-color-scheme: dark) {
  .prov { --prov-ink: #ececf0; --prov-paper: #23232a; --prov-shade: #2e2e37;
    --prov-soft: #b9b9c6; --prov-ground: #17171c; }
}
:root[data-theme="light"] .prov { --prov-ink: #1b1b1f; --prov-paper: #fff; --prov-shade: #f1f0ec;
  --prov-soft: #55555f; --prov-ground: #fff; }
:root[data-theme="dark"] .prov { --prov-ink: #ececf0; --prov-paper: #23232a;
  --prov-shade: #2e2e37; --prov-soft: #b9b9c6; --prov-ground: #17171c; }
@media print { .prov { --prov-ink: #000; --prov-paper: #fff; --prov-shade: #fff;
  --prov-soft: #333; --prov-ground: #fff; } }
"""

INK, PAPER, SHADE, SOFT = "#1b1b1f", "#ffffff", "#f1f0ec", "#55555f"
