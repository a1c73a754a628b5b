"""What is sold: MasterShop's variants, Alegra's products, and the links between them."""
