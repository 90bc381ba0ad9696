"""The columns of the ministry's file by polling station, in its form since 2024: `GROUP` comes again for each list."""

HEAD = [
    "Code département",
    "Libellé département",
    "Code commune",
    "Libellé commune",
    "Code BV",
    "Inscrits",
    "Votants",
    "% Votants",
    "Abstentions",
    "% Abstentions",
    "Exprimés",
    "% Exprimés/inscrits",
    "% Exprimés/votants",
    "Blancs",
    "% Blancs/inscrits",
    "% Blancs/votants",
    "Nuls",
    "% Nuls/inscrits",
    "% Nuls/votants",
]
GROUP = [
    "Numéro de panneau",
    "Nuance liste",
    "Libellé abrégé de liste",
    "Libellé de liste",
    "Voix",
    "% Voix/inscrits",
    "% Voix/exprimés",
]
