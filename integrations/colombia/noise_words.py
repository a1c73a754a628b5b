"""Words that people write in the field of a name and that name nobody, without accents.

What is also a surname (Torre, Calle, Carrera, Puerta …) counts only with a number behind it, or
is a reason to ask.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# From one of these on, nothing belongs to the name.
INSTRUCTIONS: Final = _words("""
llamar llame llamen llamarla llamarlo llamada llamadas dejar deje dejen dejarlo dejarla dejalo
dejala entregar entregue entregan entrega entregarlo entregarla entreguen recibe reciben recibir
recibo recoge recogen recoger reclama reclaman reclamar favor porfa porfavor urgente urgentisimo
porteria recepcion vigilancia vigilante celador vecina vecinos timbre timbrar tocar avisar avise
avisa preguntar pregunte pregunta confirmar confirme confirmado confirmada marcar escribir escriba
enviar envie envio enviarlo mandar despachar despacho devolver devolucion cambiar cancelar cancela
cancelado cancelada pagar paga pagado pagada efectivo contraentrega anticipado transferencia nequi
daviplata bancolombia domicilio domiciliario mensajero paquete pedido pedidos orden compra regalo
sorpresa obsequio horario horas antes despues manana tarde noche tardes mananas lunes martes
miercoles jueves sabado instagram facebook tiktok telegram cliente clienta fragil cuidado
importante observacion observaciones prueba test tienda trabajo correo email gmail hotmail
direccion esposo esposa vendedor vendedora mayorista frecuente vip talla tallas color garantia
cambio pago pagos
""")
# What programs write in place of a part that nobody gave.
NOTHING: Final = _words("null undefined")
PHONE_LABELS: Final = _words("""
tel tels telefono telefonos cel cels celular celulares movil whatsapp whatsap wasap wpp wsp wp
whats wa contacto fijo
""")
PLACES: Final = _words("""
piso pisos apto aptos apartamento apartamentos apt apartaestudio interior oficina
urbanizacion edificio conjunto residencial cra kra cll transversal avenida vereda parqueadero
garaje sotano
""")
# Of a place only with a number behind them.
PLACES_WITH_NUMBER: Final = _words("""
torre casa bloque local int ap of ed bl t av mz manzana lote cl cr kr km no nro num numero
etapa sector diagonal diag unidad
""")
# With a number behind them a street, or a surname and a number: a person looks.
SURNAME_OR_STREET: Final = _words("calle carrera villa campo puerta barrio finca")
ID_LABELS: Final = _words("cc cedula ced nit documento identificacion cedulas dni rut")
# Of an identification only with a number behind them.
ID_LABELS_WITH_NUMBER: Final = _words("ti ce id ppt doc pasaporte pep")
ORDINALS: Final = _words(
    "primer primero segundo segunda tercer tercero cuarto quinto sexto septimo octavo noveno"
)
# In front of a name they are dropped; what follows is the name.
BEFORE_A_NAME: Final = _words("""
pedido urgente cliente clienta nombre nombres comprador compradora destinatario destinataria
atencion att atte usuario contacto importante prioridad prioritario factura
""")
# They say that what follows may be no name, and that only a person can tell.
DOUBTFUL: Final = _words("""
con por que quien para donde cuando pero porque esta este en contra barrio vecino portero nota ojo
llama toque marque esquina viernes unidad frente junto detras
mama papa mami papi madre padre hijo hija hermano hermana tio tia abuelo abuela suegro suegra nuera
yerno cunado cunada sobrina primo prima novio novia amigo amiga
""")
# Left over in front of what was cut.
LOOSE_ENDS: Final = _words("""
no si sin en por para con de del la las el los a al y o e que se lo contra don dona sr sra nro num
""")
# On a company's name: what can be part of no name of one.
NOT_OF_A_COMPANY: Final = _words(
    "llamar llame dejar deje recibe reciben timbrar favor porfavor recoge avisar preguntar"
)
