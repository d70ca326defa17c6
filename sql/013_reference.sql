-- What the codes in AIS mean, and where its places are: small tables that views join by their key.
-- Numbers and their meaning are those of the ITU; the words are ours. Ports and areas are empty until an operator loads them.
-- docs/decisions/0032-reference-data-are-tables.md says why these are tables.

CREATE SCHEMA IF NOT EXISTS ref;

COMMENT ON SCHEMA ref IS 'What the codes in AIS mean, and ports and areas: where each is from, and under which licence, is in ref.sources';

GRANT USAGE ON SCHEMA ref TO analyst, writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES TO analyst, writer;

CREATE TABLE IF NOT EXISTS ref.sources (
    name      text PRIMARY KEY,
    what      text NOT NULL,
    licence   text,
    url       text,
    version   text,
    loaded_at timestamptz
);

COMMENT ON TABLE ref.sources IS 'Where what is in schema ref comes from, and on which terms';
COMMENT ON COLUMN ref.sources.name IS 'How ref.ports and ref.areas refer to it';
COMMENT ON COLUMN ref.sources.what IS 'What it is, in a sentence';
COMMENT ON COLUMN ref.sources.licence IS 'On which terms it may be used; null when whoever loaded it did not say';
COMMENT ON COLUMN ref.sources.url IS 'Where it can be had; null when whoever loaded it did not say';
COMMENT ON COLUMN ref.sources.version IS 'Its edition or date; null when whoever loaded it did not say';
COMMENT ON COLUMN ref.sources.loaded_at IS 'When fairway db load-areas or load-ports last read it; null for what comes with the schema and for what was never loaded';

INSERT INTO ref.sources (name, what, licence, url, version) VALUES
    ('itu_mid', 'ref.mids: which administration the ITU has allotted each maritime identification digits (Radio Regulations, appendix 42)',
     'Facts of a public register; the short names of countries are Fairway''s, Apache-2.0',
     'https://www.itu.int/en/ITU-R/terrestrial/fmd/Pages/mid.aspx', '292 digits, with 374, 471 and 550'),
    ('iso_3166', 'ref.mids: the codes of countries, ISO 3166-1 alpha-2 and alpha-3', 'ISO lets its country codes be used free of charge',
     'https://www.iso.org/iso-3166-country-codes.html', '2020'),
    ('itu_m1371', 'ref.ship_types, ref.nav_statuses, ref.msg_types: Recommendation ITU-R M.1371, annex 8',
     'Facts of a public standard; the words are Fairway''s, Apache-2.0', 'https://www.itu.int/rec/R-REC-M.1371', 'M.1371-5 (2014); type 28: M.1371-6'),
    ('world_port_index', 'Ports of the world, publication 150 of the National Geospatial-Intelligence Agency', 'Public domain (United States government)',
     'https://msi.nga.mil/Publications/WPI', NULL),
    ('marine_regions', 'Exclusive economic zones, territorial seas and other maritime areas of the Flanders Marine Institute', 'CC BY 4.0: name the source',
     'https://www.marineregions.org/downloads.php', NULL),
    ('natural_earth', 'Countries, coasts and seas at 1:10 to 1:110 million', 'Public domain', 'https://www.naturalearthdata.com/downloads/', NULL)
ON CONFLICT (name) DO NOTHING;

CREATE TABLE IF NOT EXISTS ref.mids (
    mid     smallint PRIMARY KEY,
    country text NOT NULL,
    alpha2  text,
    alpha3  text,
    part    text
);

COMMENT ON TABLE ref.mids IS
    'Maritime identification digits, the three figures of an MMSI that name a country: ref.mid_of(mmsi) has them. A country may have several';
COMMENT ON COLUMN ref.mids.mid IS 'Maritime identification digits, 201 to 775';
COMMENT ON COLUMN ref.mids.country IS 'Country, or territory with an ISO code of its own, by its short English name';
COMMENT ON COLUMN ref.mids.alpha2 IS 'ISO 3166-1 alpha-2 code of it; null for 306, which three share: Bonaire with its sister islands (BQ), Curaçao (CW), Sint Maarten (SX)';
COMMENT ON COLUMN ref.mids.alpha3 IS 'ISO 3166-1 alpha-3 code of it; null as alpha2 is';
COMMENT ON COLUMN ref.mids.part IS 'Which part of it these digits are of, where they are not of the whole, such as Madeira';

INSERT INTO ref.mids (mid, country, alpha2, alpha3, part)
SELECT unnest(mids::smallint[]), country, alpha2, alpha3, part
FROM (VALUES
    ('Afghanistan', 'AF', 'AFG', NULL, '{401}'),
    ('Albania', 'AL', 'ALB', NULL, '{201}'),
    ('Algeria', 'DZ', 'DZA', NULL, '{605}'),
    ('American Samoa', 'AS', 'ASM', NULL, '{559}'),
    ('Andorra', 'AD', 'AND', NULL, '{202}'),
    ('Angola', 'AO', 'AGO', NULL, '{603}'),
    ('Anguilla', 'AI', 'AIA', NULL, '{301}'),
    ('Antigua and Barbuda', 'AG', 'ATG', NULL, '{304,305}'),
    ('Argentina', 'AR', 'ARG', NULL, '{701}'),
    ('Armenia', 'AM', 'ARM', NULL, '{216}'),
    ('Aruba', 'AW', 'ABW', NULL, '{307}'),
    ('Australia', 'AU', 'AUS', NULL, '{503}'),
    ('Austria', 'AT', 'AUT', NULL, '{203}'),
    ('Azerbaijan', 'AZ', 'AZE', NULL, '{423}'),
    ('Bahamas', 'BS', 'BHS', NULL, '{308,309,311}'),
    ('Bahrain', 'BH', 'BHR', NULL, '{408}'),
    ('Bangladesh', 'BD', 'BGD', NULL, '{405}'),
    ('Barbados', 'BB', 'BRB', NULL, '{314}'),
    ('Belarus', 'BY', 'BLR', NULL, '{206}'),
    ('Belgium', 'BE', 'BEL', NULL, '{205}'),
    ('Belize', 'BZ', 'BLZ', NULL, '{312}'),
    ('Benin', 'BJ', 'BEN', NULL, '{610}'),
    ('Bermuda', 'BM', 'BMU', NULL, '{310}'),
    ('Bhutan', 'BT', 'BTN', NULL, '{410}'),
    ('Bolivia', 'BO', 'BOL', NULL, '{720}'),
    ('Bonaire, Curaçao, Sint Maarten', NULL, NULL, NULL, '{306}'),
    ('Bosnia and Herzegovina', 'BA', 'BIH', NULL, '{478}'),
    ('Botswana', 'BW', 'BWA', NULL, '{611}'),
    ('Brazil', 'BR', 'BRA', NULL, '{710}'),
    ('British Virgin Islands', 'VG', 'VGB', NULL, '{378}'),
    ('Brunei', 'BN', 'BRN', NULL, '{508}'),
    ('Bulgaria', 'BG', 'BGR', NULL, '{207}'),
    ('Burkina Faso', 'BF', 'BFA', NULL, '{633}'),
    ('Burundi', 'BI', 'BDI', NULL, '{609}'),
    ('Cabo Verde', 'CV', 'CPV', NULL, '{617}'),
    ('Cambodia', 'KH', 'KHM', NULL, '{514,515}'),
    ('Cameroon', 'CM', 'CMR', NULL, '{613}'),
    ('Canada', 'CA', 'CAN', NULL, '{316}'),
    ('Cayman Islands', 'KY', 'CYM', NULL, '{319}'),
    ('Central African Republic', 'CF', 'CAF', NULL, '{612}'),
    ('Chad', 'TD', 'TCD', NULL, '{670}'),
    ('Chile', 'CL', 'CHL', NULL, '{725}'),
    ('China', 'CN', 'CHN', NULL, '{412,413,414}'),
    ('Christmas Island', 'CX', 'CXR', NULL, '{516}'),
    ('Cocos (Keeling) Islands', 'CC', 'CCK', NULL, '{523}'),
    ('Colombia', 'CO', 'COL', NULL, '{730}'),
    ('Comoros', 'KM', 'COM', NULL, '{616,620}'),
    ('Congo', 'CG', 'COG', NULL, '{615}'),
    ('Cook Islands', 'CK', 'COK', NULL, '{518}'),
    ('Costa Rica', 'CR', 'CRI', NULL, '{321}'),
    ('Côte d''Ivoire', 'CI', 'CIV', NULL, '{619}'),
    ('Croatia', 'HR', 'HRV', NULL, '{238}'),
    ('Cuba', 'CU', 'CUB', NULL, '{323}'),
    ('Cyprus', 'CY', 'CYP', NULL, '{209,210,212}'),
    ('Czechia', 'CZ', 'CZE', NULL, '{270}'),
    ('Democratic Republic of the Congo', 'CD', 'COD', NULL, '{676}'),
    ('Denmark', 'DK', 'DNK', NULL, '{219,220}'),
    ('Djibouti', 'DJ', 'DJI', NULL, '{621}'),
    ('Dominica', 'DM', 'DMA', NULL, '{325}'),
    ('Dominican Republic', 'DO', 'DOM', NULL, '{327}'),
    ('Ecuador', 'EC', 'ECU', NULL, '{735}'),
    ('Egypt', 'EG', 'EGY', NULL, '{622}'),
    ('El Salvador', 'SV', 'SLV', NULL, '{359}'),
    ('Equatorial Guinea', 'GQ', 'GNQ', NULL, '{631}'),
    ('Eritrea', 'ER', 'ERI', NULL, '{625}'),
    ('Estonia', 'EE', 'EST', NULL, '{276}'),
    ('Eswatini', 'SZ', 'SWZ', NULL, '{669}'),
    ('Ethiopia', 'ET', 'ETH', NULL, '{624}'),
    ('Falkland Islands (Malvinas)', 'FK', 'FLK', NULL, '{740}'),
    ('Faroe Islands', 'FO', 'FRO', NULL, '{231}'),
    ('Fiji', 'FJ', 'FJI', NULL, '{520}'),
    ('Finland', 'FI', 'FIN', NULL, '{230}'),
    ('France', 'FR', 'FRA', NULL, '{226,227,228}'),
    ('France', 'FR', 'FRA', 'Adélie Land', '{501}'),
    ('French Guiana', 'GF', 'GUF', NULL, '{745}'),
    ('French Polynesia', 'PF', 'PYF', NULL, '{546}'),
    ('French Southern Territories', 'TF', 'ATF', 'Saint Paul and Amsterdam Islands', '{607}'),
    ('French Southern Territories', 'TF', 'ATF', 'Crozet Archipelago', '{618}'),
    ('French Southern Territories', 'TF', 'ATF', 'Kerguelen Islands', '{635}'),
    ('Gabon', 'GA', 'GAB', NULL, '{626}'),
    ('Gambia', 'GM', 'GMB', NULL, '{629}'),
    ('Georgia', 'GE', 'GEO', NULL, '{213}'),
    ('Germany', 'DE', 'DEU', NULL, '{211,218}'),
    ('Ghana', 'GH', 'GHA', NULL, '{627}'),
    ('Gibraltar', 'GI', 'GIB', NULL, '{236}'),
    ('Greece', 'GR', 'GRC', NULL, '{237,239,240,241}'),
    ('Greenland', 'GL', 'GRL', NULL, '{331}'),
    ('Grenada', 'GD', 'GRD', NULL, '{330}'),
    ('Guadeloupe', 'GP', 'GLP', NULL, '{329}'),
    ('Guatemala', 'GT', 'GTM', NULL, '{332}'),
    ('Guinea', 'GN', 'GIN', NULL, '{632}'),
    ('Guinea-Bissau', 'GW', 'GNB', NULL, '{630}'),
    ('Guyana', 'GY', 'GUY', NULL, '{750}'),
    ('Haiti', 'HT', 'HTI', NULL, '{336}'),
    ('Honduras', 'HN', 'HND', NULL, '{334}'),
    ('Hong Kong', 'HK', 'HKG', NULL, '{477}'),
    ('Hungary', 'HU', 'HUN', NULL, '{243}'),
    ('Iceland', 'IS', 'ISL', NULL, '{251}'),
    ('India', 'IN', 'IND', NULL, '{419}'),
    ('Indonesia', 'ID', 'IDN', NULL, '{525}'),
    ('Iran', 'IR', 'IRN', NULL, '{422}'),
    ('Iraq', 'IQ', 'IRQ', NULL, '{425}'),
    ('Ireland', 'IE', 'IRL', NULL, '{250}'),
    ('Israel', 'IL', 'ISR', NULL, '{428}'),
    ('Italy', 'IT', 'ITA', NULL, '{247}'),
    ('Jamaica', 'JM', 'JAM', NULL, '{339}'),
    ('Japan', 'JP', 'JPN', NULL, '{431,432}'),
    ('Jordan', 'JO', 'JOR', NULL, '{438}'),
    ('Kazakhstan', 'KZ', 'KAZ', NULL, '{436}'),
    ('Kenya', 'KE', 'KEN', NULL, '{634}'),
    ('Kiribati', 'KI', 'KIR', NULL, '{529}'),
    ('Kuwait', 'KW', 'KWT', NULL, '{447}'),
    ('Kyrgyzstan', 'KG', 'KGZ', NULL, '{451}'),
    ('Laos', 'LA', 'LAO', NULL, '{531}'),
    ('Latvia', 'LV', 'LVA', NULL, '{275}'),
    ('Lebanon', 'LB', 'LBN', NULL, '{450}'),
    ('Lesotho', 'LS', 'LSO', NULL, '{644}'),
    ('Liberia', 'LR', 'LBR', NULL, '{636,637}'),
    ('Libya', 'LY', 'LBY', NULL, '{642}'),
    ('Liechtenstein', 'LI', 'LIE', NULL, '{252}'),
    ('Lithuania', 'LT', 'LTU', NULL, '{277}'),
    ('Luxembourg', 'LU', 'LUX', NULL, '{253}'),
    ('Macao', 'MO', 'MAC', NULL, '{453}'),
    ('Madagascar', 'MG', 'MDG', NULL, '{647}'),
    ('Malawi', 'MW', 'MWI', NULL, '{655}'),
    ('Malaysia', 'MY', 'MYS', NULL, '{533}'),
    ('Maldives', 'MV', 'MDV', NULL, '{455}'),
    ('Mali', 'ML', 'MLI', NULL, '{649}'),
    ('Malta', 'MT', 'MLT', NULL, '{215,229,248,249,256}'),
    ('Marshall Islands', 'MH', 'MHL', NULL, '{538}'),
    ('Martinique', 'MQ', 'MTQ', NULL, '{347}'),
    ('Mauritania', 'MR', 'MRT', NULL, '{654}'),
    ('Mauritius', 'MU', 'MUS', NULL, '{645}'),
    ('Mexico', 'MX', 'MEX', NULL, '{345}'),
    ('Micronesia', 'FM', 'FSM', NULL, '{510}'),
    ('Moldova', 'MD', 'MDA', NULL, '{214}'),
    ('Monaco', 'MC', 'MCO', NULL, '{254}'),
    ('Mongolia', 'MN', 'MNG', NULL, '{457}'),
    ('Montenegro', 'ME', 'MNE', NULL, '{262}'),
    ('Montserrat', 'MS', 'MSR', NULL, '{348}'),
    ('Morocco', 'MA', 'MAR', NULL, '{242}'),
    ('Mozambique', 'MZ', 'MOZ', NULL, '{650}'),
    ('Myanmar', 'MM', 'MMR', NULL, '{506}'),
    ('Namibia', 'NA', 'NAM', NULL, '{659}'),
    ('Nauru', 'NR', 'NRU', NULL, '{544}'),
    ('Nepal', 'NP', 'NPL', NULL, '{459}'),
    ('Netherlands', 'NL', 'NLD', NULL, '{244,245,246}'),
    ('New Caledonia', 'NC', 'NCL', NULL, '{540}'),
    ('New Zealand', 'NZ', 'NZL', NULL, '{512}'),
    ('Nicaragua', 'NI', 'NIC', NULL, '{350}'),
    ('Niger', 'NE', 'NER', NULL, '{656}'),
    ('Nigeria', 'NG', 'NGA', NULL, '{657}'),
    ('Niue', 'NU', 'NIU', NULL, '{542}'),
    ('North Korea', 'KP', 'PRK', NULL, '{445}'),
    ('North Macedonia', 'MK', 'MKD', NULL, '{274}'),
    ('Northern Mariana Islands', 'MP', 'MNP', NULL, '{536}'),
    ('Norway', 'NO', 'NOR', NULL, '{257,258,259}'),
    ('Oman', 'OM', 'OMN', NULL, '{461}'),
    ('Pakistan', 'PK', 'PAK', NULL, '{463}'),
    ('Palau', 'PW', 'PLW', NULL, '{511}'),
    ('Palestine', 'PS', 'PSE', NULL, '{443}'),
    ('Panama', 'PA', 'PAN', NULL, '{351,352,353,354,355,356,357,370,371,372,373,374}'),
    ('Papua New Guinea', 'PG', 'PNG', NULL, '{553}'),
    ('Paraguay', 'PY', 'PRY', NULL, '{755}'),
    ('Peru', 'PE', 'PER', NULL, '{760}'),
    ('Philippines', 'PH', 'PHL', NULL, '{548}'),
    ('Pitcairn', 'PN', 'PCN', NULL, '{555}'),
    ('Poland', 'PL', 'POL', NULL, '{261}'),
    ('Portugal', 'PT', 'PRT', NULL, '{263}'),
    ('Portugal', 'PT', 'PRT', 'Azores', '{204}'),
    ('Portugal', 'PT', 'PRT', 'Madeira', '{255}'),
    ('Puerto Rico', 'PR', 'PRI', NULL, '{358}'),
    ('Qatar', 'QA', 'QAT', NULL, '{466}'),
    ('Réunion', 'RE', 'REU', NULL, '{660}'),
    ('Romania', 'RO', 'ROU', NULL, '{264}'),
    ('Russia', 'RU', 'RUS', NULL, '{273}'),
    ('Rwanda', 'RW', 'RWA', NULL, '{661}'),
    ('Saint Helena, Ascension and Tristan da Cunha', 'SH', 'SHN', 'Ascension Island', '{608}'),
    ('Saint Helena, Ascension and Tristan da Cunha', 'SH', 'SHN', 'Saint Helena', '{665}'),
    ('Saint Kitts and Nevis', 'KN', 'KNA', NULL, '{341}'),
    ('Saint Lucia', 'LC', 'LCA', NULL, '{343}'),
    ('Saint Pierre and Miquelon', 'PM', 'SPM', NULL, '{361}'),
    ('Saint Vincent and the Grenadines', 'VC', 'VCT', NULL, '{375,376,377}'),
    ('Samoa', 'WS', 'WSM', NULL, '{561}'),
    ('San Marino', 'SM', 'SMR', NULL, '{268}'),
    ('Sao Tome and Principe', 'ST', 'STP', NULL, '{668}'),
    ('Saudi Arabia', 'SA', 'SAU', NULL, '{403}'),
    ('Senegal', 'SN', 'SEN', NULL, '{663}'),
    ('Serbia', 'RS', 'SRB', NULL, '{279}'),
    ('Seychelles', 'SC', 'SYC', NULL, '{664}'),
    ('Sierra Leone', 'SL', 'SLE', NULL, '{667}'),
    ('Singapore', 'SG', 'SGP', NULL, '{563,564,565,566}'),
    ('Slovakia', 'SK', 'SVK', NULL, '{267}'),
    ('Slovenia', 'SI', 'SVN', NULL, '{278}'),
    ('Solomon Islands', 'SB', 'SLB', NULL, '{557}'),
    ('Somalia', 'SO', 'SOM', NULL, '{666}'),
    ('South Africa', 'ZA', 'ZAF', NULL, '{601}'),
    ('South Korea', 'KR', 'KOR', NULL, '{440,441}'),
    ('South Sudan', 'SS', 'SSD', NULL, '{638}'),
    ('Spain', 'ES', 'ESP', NULL, '{224,225}'),
    ('Sri Lanka', 'LK', 'LKA', NULL, '{417}'),
    ('Sudan', 'SD', 'SDN', NULL, '{662}'),
    ('Suriname', 'SR', 'SUR', NULL, '{765}'),
    ('Sweden', 'SE', 'SWE', NULL, '{265,266}'),
    ('Switzerland', 'CH', 'CHE', NULL, '{269}'),
    ('Syria', 'SY', 'SYR', NULL, '{468}'),
    ('Taiwan', 'TW', 'TWN', NULL, '{416}'),
    ('Tajikistan', 'TJ', 'TJK', NULL, '{472}'),
    ('Tanzania', 'TZ', 'TZA', NULL, '{674,677}'),
    ('Thailand', 'TH', 'THA', NULL, '{567}'),
    ('Timor-Leste', 'TL', 'TLS', NULL, '{550}'),
    ('Togo', 'TG', 'TGO', NULL, '{671}'),
    ('Tonga', 'TO', 'TON', NULL, '{570}'),
    ('Trinidad and Tobago', 'TT', 'TTO', NULL, '{362}'),
    ('Tunisia', 'TN', 'TUN', NULL, '{672}'),
    ('Türkiye', 'TR', 'TUR', NULL, '{271}'),
    ('Turkmenistan', 'TM', 'TKM', NULL, '{434}'),
    ('Turks and Caicos Islands', 'TC', 'TCA', NULL, '{364}'),
    ('Tuvalu', 'TV', 'TUV', NULL, '{572}'),
    ('Uganda', 'UG', 'UGA', NULL, '{675}'),
    ('Ukraine', 'UA', 'UKR', NULL, '{272}'),
    ('United Arab Emirates', 'AE', 'ARE', NULL, '{470,471}'),
    ('United Kingdom', 'GB', 'GBR', NULL, '{232,233,234,235}'),
    ('United States', 'US', 'USA', NULL, '{338,366,367,368,369}'),
    ('United States', 'US', 'USA', 'Alaska', '{303}'),
    ('United States Virgin Islands', 'VI', 'VIR', NULL, '{379}'),
    ('Uruguay', 'UY', 'URY', NULL, '{770}'),
    ('Uzbekistan', 'UZ', 'UZB', NULL, '{437}'),
    ('Vanuatu', 'VU', 'VUT', NULL, '{576,577}'),
    ('Vatican City', 'VA', 'VAT', NULL, '{208}'),
    ('Venezuela', 'VE', 'VEN', NULL, '{775}'),
    ('Viet Nam', 'VN', 'VNM', NULL, '{574}'),
    ('Wallis and Futuna', 'WF', 'WLF', NULL, '{578}'),
    ('Yemen', 'YE', 'YEM', NULL, '{473,475}'),
    ('Zambia', 'ZM', 'ZMB', NULL, '{678}'),
    ('Zimbabwe', 'ZW', 'ZWE', NULL, '{679}')
) AS listed (country, alpha2, alpha3, part, mids)
ON CONFLICT (mid) DO NOTHING;

-- Arithmetic, because an mmsi is a number here: a coast station 002111234 is 2111234.
CREATE OR REPLACE FUNCTION ref.mid_of(mmsi integer) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN mmsi BETWEEN 200000000 AND 799999999 THEN mmsi / 1000000
        WHEN mmsi BETWEEN 20000000 AND 79999999 THEN mmsi / 100000
        WHEN mmsi BETWEEN 2000000 AND 7999999 THEN mmsi / 10000
        WHEN mmsi BETWEEN 111200000 AND 111799999 THEN mmsi / 1000 % 1000
        WHEN mmsi BETWEEN 820000000 AND 879999999 THEN mmsi / 100000 % 1000
        WHEN mmsi BETWEEN 982000000 AND 987999999 THEN mmsi / 10000 % 1000
        WHEN mmsi BETWEEN 992000000 AND 997999999 THEN mmsi / 10000 % 1000
    END::smallint
$$;

COMMENT ON FUNCTION ref.mid_of(integer) IS
    'The maritime identification digits in an MMSI (ITU-R M.585-9): of ships (MIDxxxxxx), groups of ships (0MIDxxxxx), coast stations (00MIDxxxx), search-and-rescue aircraft (111MIDxxx), handheld VHF (8MIDxxxxx), craft of a mother ship (98MIDxxxx) and aids to navigation (99MIDxxxx). Null for all others, among them distress beacons (970, 972, 974). Whether the digits are allotted: ref.mids';

CREATE OR REPLACE FUNCTION ais.country_of(mmsi integer) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT country FROM ref.mids WHERE mid = ref.mid_of(mmsi)
$$;

COMMENT ON FUNCTION ais.country_of(integer) IS
    'The country or territory that an MMSI says it is of, by ref.mids; null when it says none. For many rows, join ref.mids or ask a view that has country';

CREATE TABLE IF NOT EXISTS ref.ship_types (
    ship_type   smallint PRIMARY KEY,
    ship_class  text,
    subclass    text,
    description text NOT NULL
);

COMMENT ON TABLE ref.ship_types IS 'Types of ship and cargo, ITU-R M.1371-5, annex 8, table 53. Codes 100 to 255 are for regional use and mean nothing in general';
COMMENT ON COLUMN ref.ship_types.ship_type IS 'Code, 0 to 99, as in ais.vessels.ship_type, where 0 is null already';
COMMENT ON COLUMN ref.ship_types.ship_class IS
    'One of a dozen classes, for counting: wing in ground, fishing, tug, service, military, sailing, pleasure, high-speed craft, passenger, cargo, tanker, other. Null for codes that mean no class';
COMMENT ON COLUMN ref.ship_types.subclass IS
    'What the code says besides: the service, or the category of the cargo''s hazard or pollution (X, the worst, Y, Z or OS). Null for nothing';
COMMENT ON COLUMN ref.ship_types.description IS 'The whole of it, in words';

-- Ships of the twenties, forties, sixties and up say with the second digit what they carry.
INSERT INTO ref.ship_types (ship_type, ship_class, subclass, description)
SELECT
    tens.digit * 10 + ones.digit,
    tens.ship_class,
    CASE WHEN ones.digit BETWEEN 1 AND 4 THEN 'hazard category ' || ones.category END,
    tens.description || ones.carrying
FROM (VALUES
    (2, 'wing in ground', 'Wing in ground craft'),
    (4, 'high-speed craft', 'High-speed craft'),
    (6, 'passenger', 'Passenger ship'),
    (7, 'cargo', 'Cargo ship'),
    (8, 'tanker', 'Tanker'),
    (9, 'other', 'Ship of another type')
) AS tens (digit, ship_class, description)
CROSS JOIN (VALUES
    (0, NULL, ''),
    (1, 'X', ', carrying dangerous or harmful goods or marine pollutants of category X'),
    (2, 'Y', ', carrying dangerous or harmful goods or marine pollutants of category Y'),
    (3, 'Z', ', carrying dangerous or harmful goods or marine pollutants of category Z'),
    (4, 'OS', ', carrying dangerous or harmful goods or marine pollutants of category OS'),
    (5, NULL, ', reserved for future use'),
    (6, NULL, ', reserved for future use'),
    (7, NULL, ', reserved for future use'),
    (8, NULL, ', reserved for future use'),
    (9, NULL, ', no additional information')
) AS ones (digit, category, carrying)
ON CONFLICT (ship_type) DO NOTHING;

INSERT INTO ref.ship_types (ship_type, ship_class, subclass, description) VALUES
    (0, NULL, NULL, 'Not available'),
    (30, 'fishing', NULL, 'Fishing vessel'),
    (31, 'tug', 'towing', 'Towing'),
    (32, 'tug', 'long or wide tow', 'Towing, the tow being longer than 200 m or wider than 25 m'),
    (33, 'service', 'dredging', 'Engaged in dredging or underwater operations'),
    (34, 'service', 'diving', 'Engaged in diving operations'),
    (35, 'military', NULL, 'Engaged in military operations'),
    (36, 'sailing', NULL, 'Sailing vessel'),
    (37, 'pleasure', NULL, 'Pleasure craft'),
    (38, NULL, NULL, 'Reserved for future use'),
    (39, NULL, NULL, 'Reserved for future use'),
    (50, 'service', 'pilot', 'Pilot vessel'),
    (51, 'service', 'search and rescue', 'Search and rescue vessel'),
    (52, 'tug', NULL, 'Tug'),
    (53, 'service', 'port tender', 'Port tender'),
    (54, 'service', 'anti-pollution', 'Vessel with anti-pollution facilities or equipment'),
    (55, 'service', 'law enforcement', 'Law enforcement vessel'),
    (56, 'service', 'local', 'Spare, for assignment to local vessels'),
    (57, 'service', 'local', 'Spare, for assignment to local vessels'),
    (58, 'service', 'medical transport', 'Medical transport (Geneva Conventions of 1949 and additional protocols)'),
    (59, 'other', 'not party to a conflict', 'Ship or aircraft of a state that is not party to an armed conflict')
ON CONFLICT (ship_type) DO NOTHING;

INSERT INTO ref.ship_types (ship_type, description)
SELECT code, 'Reserved for future use' FROM generate_series(1, 19) AS code
ON CONFLICT (ship_type) DO NOTHING;

CREATE TABLE IF NOT EXISTS ref.nav_statuses (
    nav_status  smallint PRIMARY KEY,
    name        text NOT NULL,
    description text NOT NULL
);

COMMENT ON TABLE ref.nav_statuses IS 'Navigation status, ITU-R M.1371-5, annex 8, messages 1, 2 and 3';
COMMENT ON COLUMN ref.nav_statuses.nav_status IS 'Code, 0 to 15, as in ais.positions.nav_status, where 15 is null already';
COMMENT ON COLUMN ref.nav_statuses.name IS 'In a few words';
COMMENT ON COLUMN ref.nav_statuses.description IS 'The whole of it';

INSERT INTO ref.nav_statuses (nav_status, name, description) VALUES
    (0, 'under way using engine', 'Under way using engine'),
    (1, 'at anchor', 'At anchor'),
    (2, 'not under command', 'Not under command: unable to manoeuvre as the rules require (COLREG, rule 3)'),
    (3, 'restricted manoeuvrability', 'Restricted in her ability to manoeuvre by the nature of her work'),
    (4, 'constrained by draught', 'Constrained by her draught: hardly able to leave her course'),
    (5, 'moored', 'Moored'),
    (6, 'aground', 'Aground'),
    (7, 'engaged in fishing', 'Engaged in fishing'),
    (8, 'under way sailing', 'Under way sailing'),
    (9, 'reserved (high-speed craft)', 'Reserved for high-speed craft with dangerous or harmful goods or marine pollutants of category C'),
    (10, 'reserved (wing in ground)', 'Reserved for wing in ground craft with dangerous or harmful goods or marine pollutants of category A'),
    (11, 'towing astern', 'Power-driven vessel towing astern (regional use)'),
    (12, 'pushing ahead or towing alongside', 'Power-driven vessel pushing ahead or towing alongside (regional use)'),
    (13, 'reserved', 'Reserved for future use'),
    (14, 'distress beacon active', 'AIS-SART, MOB-AIS or EPIRB-AIS that is active'),
    (15, 'undefined', 'Undefined, the default; also a distress beacon under test')
ON CONFLICT (nav_status) DO NOTHING;

CREATE TABLE IF NOT EXISTS ref.msg_types (
    msg_type    smallint PRIMARY KEY,
    name        text NOT NULL,
    kind        text NOT NULL,
    description text NOT NULL
);

COMMENT ON TABLE ref.msg_types IS 'Types of AIS message, ITU-R M.1371-5, annex 8; type 28 is of M.1371-6';
COMMENT ON COLUMN ref.msg_types.msg_type IS 'AIS message type, 1 to 28';
COMMENT ON COLUMN ref.msg_types.name IS 'In a few words';
COMMENT ON COLUMN ref.msg_types.kind IS 'Kind of record that it becomes: position, static, base_station, aton, sar_aircraft, safety, binary or other';
COMMENT ON COLUMN ref.msg_types.description IS 'Who sends it, and for what';

INSERT INTO ref.msg_types (msg_type, name, kind, description) VALUES
    (1, 'position report', 'position', 'Scheduled position report of a class A ship'),
    (2, 'position report, assigned', 'position', 'Position report of a class A ship on the schedule that a base station assigned'),
    (3, 'position report, special', 'position', 'Position report of a class A ship in answer to an interrogation, or on a change of course'),
    (4, 'base station report', 'base_station', 'Position, UTC and date of a base station'),
    (5, 'static and voyage data', 'static', 'Who a class A ship is, her dimensions, draught, destination and ETA'),
    (6, 'addressed binary message', 'binary', 'Data of an application for one station'),
    (7, 'binary acknowledgement', 'other', 'Receipt of addressed binary messages'),
    (8, 'binary broadcast message', 'binary', 'Data of an application for all'),
    (9, 'search and rescue aircraft report', 'sar_aircraft', 'Position report of an aircraft in search and rescue'),
    (10, 'UTC and date inquiry', 'other', 'Asks a station for UTC and date'),
    (11, 'UTC and date response', 'base_station', 'Position, UTC and date of a mobile station in answer to type 10'),
    (12, 'addressed safety message', 'safety', 'Text about safety for one station'),
    (13, 'safety acknowledgement', 'other', 'Receipt of addressed safety messages'),
    (14, 'safety broadcast message', 'safety', 'Text about safety for all'),
    (15, 'interrogation', 'other', 'Asks one or two stations for certain messages'),
    (16, 'assigned mode command', 'other', 'A base station assigns a schedule to one or two ships'),
    (17, 'GNSS broadcast binary message', 'binary', 'Differential corrections for satellite navigation from a base station'),
    (18, 'class B position report', 'position', 'Position report of a class B ship'),
    (19, 'class B extended report', 'position', 'Position report of a class B ship with name, type and dimensions'),
    (20, 'data link management', 'other', 'Slots that a base station reserves'),
    (21, 'aid to navigation report', 'aton', 'Position and state of a buoy, light or virtual mark'),
    (22, 'channel management', 'other', 'Channels, power and zone that a base station sets'),
    (23, 'group assignment command', 'other', 'Schedule that a base station sets for a group of ships'),
    (24, 'class B static data', 'static', 'Who a class B ship is, in part A (name) and part B (type, call sign, dimensions)'),
    (25, 'single slot binary message', 'binary', 'Short data of an application, for one station or all'),
    (26, 'multiple slot binary message', 'binary', 'Longer data of an application, for one station or all'),
    (27, 'long-range position report', 'position', 'Position report of a ship for satellites, to a tenth of a minute'),
    (28, 'single slot aid to navigation report', 'aton', 'Position and state of an aid to navigation in one slot')
ON CONFLICT (msg_type) DO NOTHING;

CREATE TABLE IF NOT EXISTS ref.ports (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    locode  text,
    name    text NOT NULL,
    country text,
    geom    geometry(Point, 4326) NOT NULL,
    source  text NOT NULL REFERENCES ref.sources
);

CREATE INDEX IF NOT EXISTS ports_geom ON ref.ports USING gist (geom);
CREATE INDEX IF NOT EXISTS ports_locode ON ref.ports (locode);
CREATE INDEX IF NOT EXISTS ports_source ON ref.ports (source);

COMMENT ON TABLE ref.ports IS 'Ports, as fairway db load-ports read them; empty until then';
COMMENT ON COLUMN ref.ports.id IS 'A number that each loading gives anew: refer to a port by its locode';
COMMENT ON COLUMN ref.ports.locode IS 'UN/LOCODE, five characters without a space, such as NLRTM; null when the port has none. Two sources, or two harbours of a place, may have the same';
COMMENT ON COLUMN ref.ports.name IS 'Name as in the source';
COMMENT ON COLUMN ref.ports.country IS 'ISO 3166-1 alpha-2 code of its country; null when the source names none that is known';
COMMENT ON COLUMN ref.ports.geom IS 'Where, a point, WGS 84';
COMMENT ON COLUMN ref.ports.source IS 'Which of ref.sources it is from';

CREATE TABLE IF NOT EXISTS ref.areas (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    kind       text NOT NULL,
    geom       geometry(MultiPolygon, 4326) NOT NULL,
    properties jsonb NOT NULL,
    source     text NOT NULL REFERENCES ref.sources
);

CREATE INDEX IF NOT EXISTS areas_geom ON ref.areas USING gist (geom);
CREATE INDEX IF NOT EXISTS areas_name ON ref.areas (name);
CREATE INDEX IF NOT EXISTS areas_source ON ref.areas (source);

COMMENT ON TABLE ref.areas IS 'Maritime areas, as fairway db load-areas read them; empty until then';
COMMENT ON COLUMN ref.areas.id IS 'A number that each loading gives anew: refer to an area by source and name';
COMMENT ON COLUMN ref.areas.name IS 'Name as in the source; several areas may have the same';
COMMENT ON COLUMN ref.areas.kind IS 'What kind of area the operator said it is, such as eez or anchorage; area when nothing was said';
COMMENT ON COLUMN ref.areas.geom IS 'Its extent, WGS 84, cut at the antimeridian';
COMMENT ON COLUMN ref.areas.properties IS 'All properties that the source gives, as they were';
COMMENT ON COLUMN ref.areas.source IS 'Which of ref.sources it is from';
