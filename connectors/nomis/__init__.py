"""Nomis, the service of the UK Office for National Statistics: census and labour market tables by area."""

from connectors.nomis.connector import NomisConnector

__all__ = ["NomisConnector"]
