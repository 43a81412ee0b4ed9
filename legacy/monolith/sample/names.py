"""Names of people from many countries."""

from dataclasses import dataclass
from itertools import product

from legacy.monolith.clock import Dice


@dataclass(frozen=True, slots=True)
class Culture:
    """Given and family names that go together, and the language their bearers read."""

    locale: str
    given: str
    family: str
    is_family_first: bool = False

    def names(self) -> list[tuple[str, str]]:
        """Every full name with its language."""
        pairs = product(self.given.split(), self.family.split())
        if self.is_family_first:
            return [(f"{family} {given}", self.locale) for given, family in pairs]
        return [(f"{given} {family}", self.locale) for given, family in pairs]


CULTURES = [
    Culture(
        "id",
        "Budi Siti Agus Dewi Putri Rizky Wayan Ayu Joko Intan Bayu Ratna Fajar Sari",
        "Santoso Wijaya Hidayat Lestari Nugroho Siregar Pratama Utami Saputra Halim Gunawan",
    ),
    Culture(
        "en",
        "Oliver Amelia Harry Isla George Freya Thomas Poppy Callum Niamh Rhys Erin",
        "Smith Jones Taylor Brown Davies Evans Campbell Murphy Walker Hughes Clarke Ward",
    ),
    Culture(
        "pt",
        "João Maria Gabriel Ana Lucas Beatriz Rafael Larissa Thiago Camila Caio Júlia",
        "Silva Santos Oliveira Souza Lima Pereira Costa Ferreira Almeida Ribeiro Rocha",
    ),
    Culture(
        "hi",
        "Aarav Diya Arjun Ananya Rohan Priya Vikram Kavya Ishaan Meera Nikhil Pooja",
        "Sharma Patel Iyer Singh Gupta Reddy Nair Banerjee Joshi Khan Das Mehta",
    ),
    Culture(
        "yo",
        "Adewale Folake Tunde Yetunde Segun Bisi Kunle Simisola Femi Ronke Dayo Titi",
        "Adeyemi Okafor Balogun Eze Ogunleye Nwosu Bello Abiodun Chukwu Ibrahim",
    ),
    Culture(
        "es",
        "Mateo Valentina Santiago Camila Diego Lucía Andrés Sofía Javier Elena Pablo",
        "García Rodríguez Martínez López Hernández Gómez Díaz Torres Vargas Rojas",
    ),
    Culture(
        "ar",
        "Omar Layla Yusuf Fatima Karim Noor Hassan Amina Tariq Salma Ali Huda",
        "Haddad Mansour Saleh Nasser Khalil Aziz Farouk Rahman Sayegh Darwish",
    ),
    Culture(
        "zh",
        "伟 芳 娜 敏 静 磊 洋 艳 勇 杰 娟 涛",
        "王 李 张 刘 陈 杨 黄 赵 周 吴",
        is_family_first=True,
    ),
    Culture(
        "vi",
        "Minh Linh Huy Trang Dũng Hoa Khanh Mai Long Thảo",
        "Nguyễn Trần Lê Phạm Võ Đặng",
        is_family_first=True,
    ),
    Culture(
        "de",
        "Jonas Lena Felix Marie Paul Greta Emil Ida Moritz Clara",
        "Müller Schmidt Weber Fischer Wagner Becker Koch Richter",
    ),
    Culture(
        "pl",
        "Jakub Zofia Antoni Hanna Filip Maja Michał Lena Wojciech Oliwia",
        "Nowak Mazur Krawczyk Wójcik Pawlak Dudek Sikora Baran",
    ),
    Culture(
        "tr",
        "Emre Zeynep Mert Elif Can Defne Burak Ece Deniz Yusuf",
        "Kaya Demir Çelik Şahin Öztürk Polat Koç Arslan",
    ),
    Culture(
        "ja",
        "翔太 美咲 健太 陽菜 大輔 結衣 拓海 さくら",
        "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村",
        is_family_first=True,
    ),
    Culture(
        "sw",
        "Juma Asha Baraka Neema Hamisi Zawadi Rashid Rehema Jabari Imani",
        "Mwangi Otieno Kamau Wanjiru Kiptoo Achieng Mutua Njoroge",
    ),
    Culture(
        "uk",
        "Oleksandr Olena Andriy Iryna Taras Kateryna Dmytro Nadiya",
        "Shevchenko Kovalenko Bondarenko Tkachenko Melnyk Kravchenko Marchenko",
    ),
]


def draw(dice: Dice, how_many: int) -> list[tuple[str, str]]:
    """Different names with their languages, from all countries mixed."""
    return dice.sample([name for culture in CULTURES for name in culture.names()], how_many)
