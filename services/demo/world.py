"""What every invented life takes place in, and the person that is being told."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from services.demo.bulk import Rows
from services.demo.days import add_years, ordinal
from services.demo.names import FullName
from services.demo.staff import Specialist

SERVICE_OF = {"sokol": "sluzhba-stupeni", "totma": "sluzhba-stupeni", "vologda": "sluzhba-pristan"}
CARE_CENTRE_OF = {"sokol": "cpd-sokol", "totma": "cpd-sokol", "vologda": "cpd-vologda"}
COLLEGES = {"college-remesla": "sokol", "college-service": "vologda", "college-severny": "totma"}


@dataclass
class World:
    """The region on a day; `is_light`: histories shortened because there are very many people."""

    on: date
    today: int
    agencies: dict[str, int]
    agency_names: dict[str, str]
    districts: dict[str, int]
    staff: dict[str, list[Specialist]]
    is_light: bool
    loaded_at: str
    moment_suffix: str
    reporting_days: list[int] = field(default_factory=list)  # Windows of the half-year forms, newest first.

    def __post_init__(self) -> None:
        years = range(self.on.year, self.on.year - 3, -1)
        windows = [ordinal(year, month, day) for year in years for month, day in ((10, 1), (2, 5))]
        self.reporting_days = [day for day in windows if day <= self.today]


@dataclass(slots=True)
class Person:
    """A life in the making: what later chapters need to know of the earlier ones. Days are ordinals."""

    number: int
    rng: Random
    rows: Rows
    is_male: bool
    name: FullName
    birth: int
    turned_18: int = 0
    turned_23: int = 0
    former_names: str = ""
    # Origin
    origin: str = "sokol"
    form: str = "foster_family"  # The last form of care.
    left_on: int | None = None
    care_since: int = 0
    # The way since
    study: str = "none"  # school, studying, leave, expelled, completed, none
    college: str = ""
    profession: str = ""
    entered: int = 0  # The college.
    study_ends: int = 0
    employment: str = "unknown"
    marital: str = "single"
    children: int = 0
    youngest_born: int = 0
    # Home
    housing: str = "unknown"
    home: str | None = None  # The district of the present address.
    address: str = ""
    # Support
    agency: str | None = None  # Responsible now.
    was_supported_by: str = ""
    support_since: int = 0
    support_until: int | None = None
    category: str | None = None
    curator: str = ""
    open_problems: int = 0
    # Found by search
    phone: str = ""
    found_by: list[tuple[int, str]] = field(default_factory=list)  # Documents, their digits, contacts, mail: 1 to 4.

    @property
    def ending(self) -> str:
        """«отчислен», «отчислена»."""
        return "" if self.is_male else "а"

    def age_years(self, day: int) -> float:
        return (day - self.birth) / 365.25

    def grown(self) -> None:
        self.turned_18 = add_years(self.birth, 18)
        self.turned_23 = add_years(self.birth, 23)
