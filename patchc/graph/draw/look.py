"""The colours and letters of the drawing: neutral, for light and for dark pages."""

from __future__ import annotations

STYLE = """
.patchc-graph{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Inter,sans-serif}
.patchc-graph .ground{fill:#fbfbfc}
.patchc-graph .band{fill:#f0f1f4}
.patchc-graph .title{font-size:21px;font-weight:650;fill:#1c2030;letter-spacing:-.2px}
.patchc-graph .doc{font-size:13px;fill:#6a7183}
.patchc-graph .layer{font-size:11px;font-weight:600;fill:#8a91a3;text-anchor:middle;letter-spacing:.9px}
.patchc-graph .cell,.patchc-graph .end{fill:#ffffff;stroke:#d5d9e2;stroke-width:1.2}
.patchc-graph .cell.optional{stroke-dasharray:5 3.5;stroke:#a9b0c0}
.patchc-graph .name{font-size:13.5px;font-weight:600;fill:#1c2030}
.patchc-graph .path{font-size:11px;font-weight:400;fill:#8a91a3}
.patchc-graph .type,.patchc-graph .key{font-size:11px;fill:#767d90}
.patchc-graph .count{font-size:10.5px;font-weight:650;fill:#ffffff;text-anchor:middle}
.patchc-graph .pill.learn{fill:#d9772b}
.patchc-graph .pill.predict{fill:#8257d6}
.patchc-graph .pill.drawn{fill:#8b92a5}
.patchc-graph .cable{fill:none;stroke-width:2;stroke-linecap:round}
.patchc-graph .cable.audio{stroke:#3b74e0;stroke-width:2.4}
.patchc-graph .cable.control{stroke:#23a07a;stroke-width:1.7}
.patchc-graph .cable.gate{stroke:#c9588f;stroke-width:1.5}
.patchc-graph .cable.plain{stroke:#8b92a5}
.patchc-graph .cable.optional{stroke-dasharray:1 5.5}
.patchc-graph .cable:hover{stroke-width:4.5}
.patchc-graph .socket{stroke:#fbfbfc;stroke-width:1.5;fill:#8b92a5}
.patchc-graph .audio .socket{fill:#3b74e0}
.patchc-graph .control .socket{fill:#23a07a}
.patchc-graph .gate .socket{fill:#c9588f}
.patchc-graph .port{fill:#ffffff;stroke:#aab1c0;stroke-width:1.4}
.patchc-graph .tap{fill:none;stroke:#e0a100;stroke-width:2}
@media (prefers-color-scheme:dark){
.patchc-graph .ground{fill:#16181d}
.patchc-graph .band{fill:#1e2127}
.patchc-graph .title,.patchc-graph .name{fill:#eceef3}
.patchc-graph .doc,.patchc-graph .type,.patchc-graph .key{fill:#9aa1b2}
.patchc-graph .layer,.patchc-graph .path{fill:#7e8597}
.patchc-graph .cell,.patchc-graph .end{fill:#282c34;stroke:#3b414d}
.patchc-graph .cell.optional{stroke:#5f6778}
.patchc-graph .socket{stroke:#16181d}
.patchc-graph .port{fill:#282c34;stroke:#6d7588}
.patchc-graph .cable.audio{stroke:#6a9bff}.patchc-graph .audio .socket{fill:#6a9bff}
.patchc-graph .cable.control{stroke:#45c79d}.patchc-graph .control .socket{fill:#45c79d}
.patchc-graph .cable.gate{stroke:#e07fb0}.patchc-graph .gate .socket{fill:#e07fb0}
}
"""
