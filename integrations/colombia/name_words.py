"""Words that tell the parts of a Colombian name apart, in lower case without accents."""

from __future__ import annotations

from typing import Final

_SECOND_GIVEN_NAMES = """
adriana alberto alejandra alejandro alexander alexandra alfonso alfredo alicia amparo ana
andrea andres angel angela angelica antonia antonio armando arturo augusto beatriz bibiana
camila camilo carlos carmen carolina catalina cecilia cesar clara claudia constanza cristina
daniel daniela david diana diego edith eduardo elena elisa elizabeth emilia emilio enrique
ernesto esperanza esteban estela estella eugenia eugenio fabian felipe fernanda fernando
francisca francisco gabriel gabriela gerardo gloria guillermo gustavo hernan hernando humberto
ignacio ines isabel ivan jaime javier jesus johana jorge jose juan juana juliana julian julio
karina laura leandro leonardo leonor lucia luis luisa luz manuel manuela marcela margarita
maria mariana marina mario marlen mauricio mercedes miguel milena monica natalia nicolas nubia
octavio olga orlando oscar pablo paola patricia paula pedro piedad rafael ramiro raul ricardo
roberto rocio rosa rosario sebastian sergio silvia sofia soledad stella steven susana tatiana
teresa valentina vanessa veronica victoria viviana yaneth yolanda
"""

_SURNAMES = """
acosta aguilar agudelo alvarez arango arias avila barrera barrios becerra beltran benavides
bernal betancur bermudez blanco botero bravo caballero cabrera caicedo calderon camacho
cano cardenas cardona carvajal castaneda castano castillo castro ceballos cifuentes contreras
correa cortes cruz cuellar delgado diaz duarte duque escobar espinosa estrada fernandez florez
forero franco gallego gaitan galvis garces garcia garzon gil giraldo gomez gonzalez guerra
guerrero gutierrez guzman henao hernandez herrera hoyos hurtado jaramillo jimenez leal leon
linares londono lopez lozano luna marin martinez medina mejia mendez mendoza meza molina
monsalve montoya mora morales moreno mosquera munoz murillo narvaez navarro nieto nino nunez
obando ocampo ochoa ordonez orozco ortega ortiz osorio ospina pabon paez palacio palacios
pardo paredes parra patino pena peralta perdomo perez pinto pineda pinzon porras posada prieto
quintana quintero ramirez ramos rangel restrepo reyes rincon rios rivera robles rodriguez rojas
roldan romero rosero rueda ruiz saavedra salazar salcedo saldarriaga salgado sanabria sanchez
sandoval santos sarmiento serna serrano sierra silva solano soto suarez tamayo tobon toro torres
tovar trujillo uribe urrego valbuena valderrama valencia vallejo vanegas vargas vasquez vega
velasco velasquez velez vera vergara villa villegas zapata zambrano zuluaga
"""

_TRADES = """
abarrotes academia accesorios agencia agro agropecuaria alcaldia almacen almacenes alimentos
arquitectos asesores asesorias asociados autoservicio boutique cafeteria calzado carniceria
centro cia clinica club colegio comercial comercializaciones comercializadora compania
condominio confecciones congregacion conjunto consorcio construcciones constructora
consultores consultorio creaciones deposito distribuciones distribuidor distribuidora
drogueria droguerias edificio editorial electricos electronica empresa empresas estudio
exportadora fabrica farmacia ferrelectricos ferreteria ferreterias floristeria fondo
franquicia ganaderia gimnasio gobernacion group grupo hacienda holding holdings hospital
hostal hotel iglesia importaciones importador importadora imports impresos industria
industrias ingenieria ingenieros inmobiliaria institucion instituto international inversion
inversiones ips joyeria junta laboratorio laboratorios lavanderia libreria logistica
logistics lubricantes maderas marketing minimercado miscelanea ministerio moda modas muebles
municipio negocios notaria optica organizacion panaderia papeleria parroquia pasteleria
peluqueria plasticos producciones productos proveedora proyectos publicidad repuestos
representaciones restaurante salon salsamentaria seguridad seguros servicio servicios shop
sindicato sistemas sociedad solutions soluciones store suministros supermercado
supermercados surtidora surtitodo taller talleres tech technologies tecnologia tecnologias
textiles tienda tiendas tintoreria trading transportadora transportes turismo union
universidad variedades veterinaria viajes vidrios viveres vivero
"""

# They introduce the next word and make one unit with it.
PARTICLES: Final = frozenset(
    "de del la las los y san santa van von da do dos di mac mc".split()  # noqa: SIM905
)

TITLES: Final = frozenset(
    "sr sra srta senor senora senorita dr dra don dona ing lic prof".split()  # noqa: SIM905
)

COMPANY_WORDS: Final = frozenset(
    {"sas", "ltda", "fundacion", "corporacion", "asociacion", "cooperativa"}
)

# What shops, workshops and institutions call themselves.
TRADE_WORDS: Final = frozenset(_TRADES.split())

# Usual as a second given name and hardly ever a father's surname: they decide how three
# words are read.
SECOND_GIVEN_NAMES: Final = frozenset(_SECOND_GIVEN_NAMES.split()) | {
    "del carmen",
    "del mar",
    "del pilar",
    "del rosario",
    "del socorro",
    "de jesus",
    "de la cruz",
    "de los angeles",
    "de los santos",
    "del consuelo",
}

# Known surnames in first place mean that somebody wrote the surnames first.
SURNAMES: Final = frozenset(_SURNAMES.split())
