"""Words that decide what a name names, whatever the model says. Lower case, one space."""

import re

_COUNTRIES = """
Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain|Bangladesh
Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Bosnia and Herzegovina|Botswana|Brazil|Britain|Brunei
Bulgaria|Burkina Faso|Burma|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Central African Republic|Chad|Chile|China
Colombia|Comoros|Congo|Cook Islands|Costa Rica|Cote d'Ivoire|Croatia|Cuba|Cyprus|Czech Republic|Czechia
Democratic Republic of Congo|Denmark|Djibouti|Dominica|Dominican Republic|East Timor|Ecuador|Egypt|El Salvador
England|Equatorial Guinea|Eritrea|Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany|Ghana
Great Britain|Greece|Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|Honduras|Hong Kong|Hungary|Iceland|India
Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kiribati|Kosovo|Kuwait
Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia
Maldives|Mali|Malta|Marshall Islands|Mauritania|Mauritius|Mexico|Micronesia|Moldova|Monaco|Mongolia|Montenegro
Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands|New Caledonia|New Zealand|Nicaragua|Niger|Nigeria|Niue
North Korea|North Macedonia|Northern Ireland|Norway|Oman|Pakistan|Palau|Palestine|Panama|Papua New Guinea|Paraguay
Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|San Marino|Saudi Arabia|Scotland|Senegal|Serbia
Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Solomon Islands|Somalia|South Africa|South Korea|South Sudan
Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Timor-Leste|Togo|Tonga
Trinidad and Tobago|Tunisia|Turkey|Turkiye|Turkmenistan|Tuvalu|U.K.|U.S.|U.S.A.|UAE|UK|US|USA|Uganda|Ukraine
United Arab Emirates|United Kingdom|United States|United States of America|Uruguay|Uzbekistan|Vanuatu|Venezuela
Vietnam|Wales|Yemen|Zambia|Zimbabwe
"""

_REGIONS = """
Africa|America|Antarctica|Asia|Australasia|Balkans|Caribbean|Central America|Central Asia|East Africa|Europe|Gaza
Gaza Strip|Latin America|Middle East|North Africa|North America|Oceania|Pacific|Sahel|Scandinavia|South America
South Asia|Southeast Asia|West Africa|West Bank
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in re.split(r"[|\n]", text) if name.strip())


PLACES = _set(_COUNTRIES) | _set(_REGIONS)
"""Countries and large regions: places even where the model takes them for people or bodies."""

TITLES = _set("""
mr|mrs|ms|miss|dr|prof|professor|sir|dame|lord|lady|sheikh|sheik|imam|pope|king|queen|prince|princess|president
vice-president|premier|chancellor|minister|senator|sen|rep|congressman|congresswoman|governor|gov|mayor|ambassador
judge|justice|general|gen|lieutenant|lt|colonel|col|major|maj|captain|capt|sergeant|sgt|inspector|superintendent
detective|officer|admiral|commander|chief|rev|reverend|father|bishop|archbishop|cardinal|rabbi|ayatollah|emir|sultan
""")
"""First words of a person's mention that are no part of the name."""

OFFICES = _set(
    "state|defence|defense|foreign|treasury|interior|finance|home|health|trade|energy|justice"
)
"""What a minister or secretary is of: no body when such a title follows."""

OFFICE_HOLDERS = _set("secretary|minister|spokesman|spokeswoman|spokesperson")
"""Titles that may follow an office."""
