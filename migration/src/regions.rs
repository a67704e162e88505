pub async fn merge(
    _db: &impl sea_orm_migration::sea_orm::ConnectionTrait,
    _r: &[entity::reference::RegionRecord],
) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
    Ok(())
}
